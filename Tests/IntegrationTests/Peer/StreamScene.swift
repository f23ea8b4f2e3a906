import Glibc
import P2PProtocol
import TestSupport

/// Somebody who listens to a file while it comes from two slow sources.
struct StreamScene {
    let scratch: ScratchFolder
    let index: IndexFixture
    let sources: [ScriptedSource]
    let song: Bytes
    var folder: String { scratch.file("you") }

    init(_ song: Bytes, bytesPerSecond: Int, name: String = "song.bin") throws {
        self.song = song
        scratch = try ScratchFolder()
        index = try IndexFixture()
        let index = index
        sources = try (0..<2).map { _ in
            try ScriptedSource(.paced(bytesPerSecond: bytesPerSecond), [.init(name, song)], at: index)
        }
    }

    var sentBytes: Int { sources.reduce(0) { $0 + $1.sentBytes } }

    /// `peer stream` with these arguments.
    func stream(_ arguments: String...) throws -> ChildProcess {
        try PeerFixture.start(["stream"] + arguments, at: [index], in: folder)
    }

    /// Where a program that has begun says that it plays.
    static func place(of process: ChildProcess) throws -> StreamPlace { try StreamPlace(process.firstLine()) }
}

/// An address that `peer stream` has printed.
struct StreamPlace {
    let url: String
    let port: Int
    let target: String

    init(_ url: String) throws {
        self.url = url
        let parts = url.split(separator: "/", maxSplits: 2)
        guard url.hasPrefix("http://127.0.0.1:"), parts.count == 3,
            let port = parts[1].split(separator: ":").last.flatMap({ Int($0) })
        else { throw TestFailure("no address: \(url)") }
        self.port = port
        target = "/" + parts[2]
    }

    /// Sends a request, and leaves the answer to be read.
    func begin(_ fields: [String] = [], method: String = "GET", host: String? = nil, target: String? = nil) throws
        -> WireClient
    {
        let client = try WireClient(port: port)
        let lines = [
            "\(method) \(target ?? self.target) HTTP/1.1", "Host: \(host ?? "127.0.0.1:\(port)")", "Connection: close",
        ]
        client.send(Bytes(((lines + fields).joined(separator: "\r\n") + "\r\n\r\n").utf8))
        return client
    }

    /// The whole answer.
    func ask(_ fields: [String] = [], method: String = "GET", host: String? = nil, target: String? = nil) throws
        -> ServedText
    {
        let client = try begin(fields, method: method, host: host, target: target)
        guard let answer = client.end(within: 60) else { throw TestFailure("no end of \(url)") }
        return ServedText(answer)
    }
}
