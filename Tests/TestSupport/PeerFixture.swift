internal import Glibc
package import P2PProtocol

/// A `peer` of a test: a real process on a free port, with one folder that it shares and downloads into.
package final class PeerFixture {
    package let process: ChildProcess
    package let port: Int
    package let folder: String

    package var address: String { "127.0.0.1:\(port)" }

    /// Starts one and waits until it listens. Its folder may be there already, with files in it.
    package init(
        _ verb: String?, at indexes: [IndexFixture], in folder: String, port: Int = 0, _ flags: [String] = []
    ) throws {
        self.folder = folder
        let arguments = (verb.map { [$0] } ?? []) + Self.servers(indexes) + ["--port", "\(port)", "--dir", folder]
        process = try ChildProcess("peer", arguments + flags, environment: ["HOME": folder])
        let line = try process.firstLine()
        guard line.hasPrefix("peer listening on "), let number = line.split(separator: ":").last.flatMap({ Int($0) })
        else { throw TestFailure("no listening line: \(line)") }
        self.port = number
    }

    /// One that only shares: waits until it is registered.
    package static func daemon(at index: IndexFixture, in folder: String, _ flags: [String] = []) throws -> PeerFixture
    {
        let peer = try PeerFixture("daemon", at: [index], in: folder, flags)
        try peer.process.expect("registered successfully with id ")
        return peer
    }

    /// One with its menu: waits until it asks what to do.
    package static func menu(at index: IndexFixture, in folder: String, _ flags: [String] = []) throws -> PeerFixture {
        try menu(at: [index], in: folder, flags)
    }

    package static func menu(
        at indexes: [IndexFixture], in folder: String, _ flags: [String] = []
    ) throws -> PeerFixture {
        let peer = try PeerFixture(nil, at: indexes, in: folder, flags)
        try peer.process.expect("a prompt") { $0.hasSuffix("\n> ") }
        return peer
    }

    /// Runs `peer verb …` to its end, for somebody whose folder is `folder`.
    package static func run(
        _ arguments: [String], at indexes: [IndexFixture] = [], in folder: String, within seconds: Double = 30
    ) throws -> (code: Int32, text: String, complaints: String) {
        let process = try start(arguments, at: indexes, in: folder)
        process.closeInput()
        let code = try process.exitCode(within: seconds)
        return (code, process.text, process.errorText)
    }

    /// The same without waiting for its end.
    package static func start(
        _ arguments: [String], at indexes: [IndexFixture], in folder: String
    ) throws -> ChildProcess {
        try ChildProcess(
            "peer", arguments + servers(indexes) + (indexes.isEmpty ? [] : ["--dir", folder]),
            environment: ["HOME": folder])
    }

    /// Types a line into the menu; what it says until it asks again.
    package func answer(to line: String, until prompt: String = "> ") throws -> String {
        try process.answer(to: line, until: prompt)
    }

    /// The id that its first index gave it.
    package var id: Int {
        get throws {
            let words = process.text.split(whereSeparator: { $0 == " " || $0 == "\n" })
            guard let place = words.firstIndex(of: "id"), place + 1 < words.count, let id = Int(words[place + 1]) else {
                throw TestFailure("no id in: \(process.text)")
            }
            return id
        }
    }

    package func file(_ name: String) -> String { "\(folder)/\(name)" }

    /// Ends it as its user would, with code 0.
    package func stop(with signal: Int32 = SIGTERM) throws {
        process.signal(signal)
        let code = try process.exitCode()
        guard code == 0 else { throw TestFailure("ended with \(code)\n\(process.errorText.suffix(4_000))") }
    }

    // MARK: HTTP

    /// Sends bytes on a connection of their own; what comes back until its end.
    package func exchange(_ bytes: Bytes, within seconds: Double = 20) throws -> ServedText {
        let client = try WireClient(port: port)
        client.send(bytes)
        guard let answer = client.end(within: seconds) else { throw TestFailure("the peer did not close") }
        return ServedText(answer)
    }

    /// A request as curl sends it, with further field lines.
    package func ask(_ target: String, method: String = "GET", _ fields: String...) throws -> ServedText {
        let lines = ["\(method) \(target) HTTP/1.1", "Host: \(address)", "Connection: close"] + fields
        return try exchange(Bytes((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8))
    }

    /// A number of its `/metrics`.
    package func metric(_ name: String) throws -> Int {
        let lines = String(decoding: try ask("/metrics").body, as: UTF8.self).split(separator: "\n")
        guard let line = lines.first(where: { $0.hasPrefix(name + " ") }),
            let value = Int(line.dropFirst(name.count + 1))
        else { throw TestFailure("no metric \(name)") }
        return value
    }

    private static func servers(_ indexes: [IndexFixture]) -> [String] {
        indexes.flatMap { ["--server", "127.0.0.1:\($0.port)"] }
    }
}

/// An answer as it came over the wire.
package struct ServedText: Sendable {
    package let head: String
    package let body: Bytes

    package init(_ bytes: Bytes) {
        let end = Bytes(ascii: "\r\n\r\n")
        let split = bytes.indices.first { bytes[$0...].starts(with: end) } ?? bytes.endIndex
        head = String(decoding: bytes[..<split], as: UTF8.self)
        body = Bytes(bytes[split...].dropFirst(end.count))
    }

    /// 0 when no head came.
    package var status: Int { Int(head.split(separator: " ").dropFirst().first ?? "") ?? 0 }

    package func field(_ name: String) -> String? {
        let line = head.split(separator: "\r\n").first { $0.lowercased().hasPrefix(name.lowercased() + ": ") }
        return line.map { String($0.dropFirst(name.count + 2)) }
    }
}
