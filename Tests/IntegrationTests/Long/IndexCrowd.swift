import P2PProtocol
import TestSupport

/// Clients that come, list, search and vanish in random order; every one keeps its id as a real peer does.
struct IndexCrowd: ~Copyable {
    private let index: IndexFixture
    private var seeded: Seeded
    private var clients: [WireClient?]
    private var tickets: [(id: Int, token: String)?]
    private(set) var faults: [String] = []

    init(_ index: IndexFixture, clients count: Int, seed: UInt64) {
        self.index = index
        seeded = Seeded(seed: seed)
        clients = Array(repeating: nil, count: count)
        tickets = Array(repeating: nil, count: count)
    }

    /// What they do for so many seconds.
    mutating func live(for seconds: Double) throws {
        let end = TestClock.now + seconds
        while TestClock.now < end { for _ in 0..<100 { try step() } }
    }

    /// All of them vanish.
    mutating func leave() throws {
        for number in clients.indices { try vanish(number) }
    }

    private mutating func step() throws {
        let number = Int.random(in: clients.indices, using: &seeded)
        guard let client = clients[number] else { return try arrive(number) }
        switch Int.random(in: 0..<12, using: &seeded) {
        case 0..<5: try expect(client.command(["SEARCH"] + words()), isArray: true)
        case 5..<7: try expect(client.command(["UPD", "ADD", "NAMES"] + names()))
        case 7: try expect(client.command(["UPD", "DEL"] + names()))
        case 8: try expect(client.command(["UPD", "ADD", "FILES"] + files()))
        case 9: try expect(client.command(["LIST"] + words()), isArray: true)
        case 10: try arrive(number)
        default: try vanish(number)
        }
    }

    /// Registers, anew on the same connection when there is one.
    private mutating func arrive(_ number: Int) throws {
        let client = try clients[number] ?? index.client()
        clients[number] = client
        let ticket = tickets[number].map { ["\($0.id)", "*", "\(9_000 + number)", "TOKEN", $0.token] }
        let list = Bool.random(using: &seeded) ? ["NAMES"] + names() : ["FILES"] + files()
        let reply = try client.command(["REG"] + (ticket ?? ["*", "*", "\(9_000 + number)"]) + list)
        guard let id = reply["id"]?.integer, let token = reply["token"]?.bytes else {
            return faults.append("REG answered \(reply.text)")
        }
        tickets[number] = (id, String(decoding: token, as: UTF8.self))
    }

    private mutating func vanish(_ number: Int) throws {
        guard let client = clients[number] else { return }
        clients[number] = nil
        switch Int.random(in: 0..<4, using: &seeded) {
        case 0: _ = try client.ask("QUIT")
        case 1: client.abort()
        case 2:
            // In the middle of a command.
            client.send(Bytes("*5\r\n$3\r\nUPD\r\n$3\r\nADD\r\n$5\r\nNA".utf8))
            client.close()
        default: client.close()
        }
    }

    private mutating func expect(_ reply: Reply, isArray: Bool = false) {
        let isRight = isArray ? reply.array?.count == 3 : reply.integer != nil
        if !isRight { faults.append(reply.text) }
    }

    private mutating func words() -> [String] {
        (0..<Int.random(in: 1...2, using: &seeded)).map { _ in "w\(word())" }
    }

    private mutating func names() -> [String] {
        (0..<Int.random(in: 1...20, using: &seeded)).map { _ in
            "w\(word())/w\(word()) w\(word()) \(Int.random(in: 0..<5_000, using: &seeded)).mp3"
        }
    }

    private mutating func files() -> [String] {
        names().flatMap { name -> [String] in
            let digit = String(Int.random(in: 0..<10, using: &seeded))
            return [name, "1000", String(repeating: digit, count: 64)]
        }
    }

    /// Low numbers more often than high ones.
    private mutating func word() -> Int {
        Int.random(in: 0...Int.random(in: 0..<500, using: &seeded), using: &seeded)
    }
}
