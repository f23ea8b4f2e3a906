import IndexServer
import P2PProtocol
import P2PRuntime
import TestSupport
import Testing

/// Looking waiting queries up must tell the same people as trying each of them.
@Suite struct SubscriptionTableTests {
    private static let words = ["calm", "sea", "storm", "été", "海", "a", "ab", "abc", "don't", "mp3", "x1"]
    private static let tails = [
        "", "size:>10", "-storm", "-\"calm sea\"", "ext:mp3,flac", "ext:txt", "peer:2", "name:\"calm sea\"", "cal*",
        "a*", "ab*", "\"calm sea\"", "\"a a b\"",
        "root:\(String(repeating: "0", count: 15))3\(String(repeating: "0", count: 48))",
    ]

    private static func text(_ random: inout Seeded) -> String {
        let some = (0..<Int.random(in: 0...2, using: &random)).compactMap { _ in words.randomElement(using: &random) }
        let more = (0..<Int.random(in: 0...2, using: &random)).compactMap { _ in tails.randomElement(using: &random) }
        let all = some + more.filter { !$0.isEmpty }
        return all.isEmpty ? "*" : all.joined(separator: " ")
    }

    private static func file(_ random: inout Seeded) -> FoundFile {
        let separators = [" ", "/", ".", " - ", "_"]
        var name = words.randomElement(using: &random) ?? ""
        for _ in 0..<Int.random(in: 0...4, using: &random) {
            name += (separators.randomElement(using: &random) ?? "") + (words.randomElement(using: &random) ?? "")
        }
        let number = UInt64.random(in: 0..<5, using: &random)
        return FoundFile(
            name: Bytes(name.utf8), size: Int(number) * 7, root: EngineFixture.root(number),
            source: PeerKey(id: Int(number % 3), host: .loopback, port: 9_001))
    }

    @Test("whoever comes and goes, the same are told as if each query were tried", arguments: 0..<20)
    func property(_ seed: Int) throws {
        var random = Seeded(seed: UInt64(seed))
        var table = SubscriptionTable()
        var naive: [Int: [Bytes: Query]] = [:]
        for _ in 0..<600 {
            let subscriber = Int.random(in: 0..<12, using: &random)
            let text = Self.text(&random)
            let channel = Bytes("search:\(text)".utf8)
            guard let query = try? Query.parse(Bytes(text.utf8)) else { continue }
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<6:
                try table.subscribe(subscriber, to: channel, query)
                naive[subscriber, default: [:]][channel] = query
            case 6..<8:
                let isKnown = naive[subscriber]?.removeValue(forKey: channel) != nil
                let isEnded = table.unsubscribe(subscriber, from: channel)
                #expect(isEnded == isKnown)
            case 8:
                table.removeAll(of: subscriber)
                naive[subscriber] = nil
            default:
                let file = Self.file(&random)
                let subject = QuerySubject(
                    name: file.name, size: file.size, root: file.root, peers: [file.source.id])
                let wanted = naive.flatMap { subscriber, all in
                    all.filter { $0.value.matches(subject) }.map { "\(subscriber) \(display($0.key))" }
                }
                var told: [String] = []
                table.forEachMatch(file) { told.append("\($0) \(display($1))") }
                #expect(told.sorted() == wanted.sorted(), "seed \(seed): \(display(file.name))")
            }
        }
        for subscriber in naive.keys { table.removeAll(of: subscriber) }
        let isEmpty = table.isEmpty
        #expect(isEmpty)
    }

    @Test("what happened before a subscription is not told to it")
    func since() throws {
        var table = SubscriptionTable()
        let query = try Query.parse(Bytes(ascii: "calm"))
        try table.subscribe(1, to: Bytes(ascii: "search:calm"), query, since: 5)
        try table.subscribe(2, to: Bytes(ascii: "search:calm"), query, since: 3)
        let file = FoundFile(
            name: Bytes(ascii: "calm"), size: nil, root: nil, source: PeerKey(id: 1, host: .loopback, port: 9_001))
        var told: [[Int]] = []
        for event in 2...5 {
            var subscribers: [Int] = []
            table.forEachMatch(file, event: event) { subscriber, _ in subscribers.append(subscriber) }
            told.append(subscribers.sorted())
        }
        #expect(told == [[], [2], [2], [1, 2]])
    }

    @Test("[attack A16] a file is tried against a bounded number of queries, whatever strangers wait for")
    func crowd() throws {
        var limits = Limits.standard
        limits.subscriptionsPerAnchor = 10
        var table = SubscriptionTable(limits: limits)
        for size in 0..<10 {
            try table.subscribe(1, to: Bytes("search:size:>\(size)".utf8), Query.parse(Bytes("size:>\(size)".utf8)))
        }
        #expect(throws: SubscriptionTable.Refusal.crowded) {
            try table.subscribe(1, to: Bytes(ascii: "search:size:>99"), Query.parse(Bytes(ascii: "size:>99")))
        }
        // A crowded word is no hindrance beside another one.
        for number in 0..<50 {
            let text = "common w\(number)"
            try table.subscribe(1, to: Bytes("search:\(text)".utf8), Query.parse(Bytes(text.utf8)))
        }
        let file = FoundFile(
            name: Bytes(ascii: "common w7"), size: 1, root: nil, source: PeerKey(id: 1, host: .loopback, port: 9_001))
        let tried = table.forEachMatch(file) { _, _ in }
        #expect(tried <= 30)
    }

    @Test("subscriptions take up so many bytes and no more; one that ends makes room")
    func room() throws {
        var limits = Limits.standard
        limits.subscriptionBytes = 600
        var table = SubscriptionTable(limits: limits)
        let query = try Query.parse(Bytes(ascii: "a"))
        try table.subscribe(1, to: Bytes(ascii: "search:a"), query)
        try table.subscribe(2, to: Bytes(ascii: "search:a"), query)
        #expect(throws: SubscriptionTable.Refusal.full) { try table.subscribe(3, to: Bytes(ascii: "search:a"), query) }
        table.removeAll(of: 1)
        let isNew = try table.subscribe(3, to: Bytes(ascii: "search:a"), query)
        #expect(isNew)
    }

    @Test(
        "a hundred thousand waiting queries cost a file little", .enabled(if: Tool.isLongRun, "ROOKERY_LONG=1 runs it"))
    func benchmark() throws {
        var random = Seeded(seed: 1)
        func word() -> String {
            "w\(Int(UInt64.random(in: 0..<1 << 20, using: &random).trailingZeroBitCount) * 4_099 + Int.random(in: 0..<4_099, using: &random))"
        }
        var table = SubscriptionTable()
        for number in 0..<100_000 {
            let text = "\(word()) \(word())"
            try table.subscribe(number / 1_000, to: Bytes("search:\(text)".utf8), Query.parse(Bytes(text.utf8)))
        }
        let files = (0..<20_000).map { number in
            FoundFile(
                name: Bytes("\(word()) \(word())/\(word()) - \(word()) \(word()).mp3".utf8), size: number, root: nil,
                source: PeerKey(id: 1, host: .loopback, port: 9_001))
        }
        var (told, tried) = (0, 0)
        let time = ContinuousClock().measure {
            for file in files { tried += table.forEachMatch(file) { _, _ in told += 1 } }
        }
        print("100,000 subscriptions: \(files.count) events in \(time), \(tried) queries tried, \(told) told")
        #expect(tried < files.count * 1_000)
    }
}
