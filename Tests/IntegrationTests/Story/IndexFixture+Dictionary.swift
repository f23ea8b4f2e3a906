import P2PProtocol
import TestSupport

extension IndexFixture {
    /// Waits until the dictionary, as it is printed, has exactly these lines.
    func expectDictionary(_ lines: [String]) throws {
        try process.expect("dictionary with \(lines)") { text in
            let printed = text.split(separator: "\n").map { String($0) }
            guard let heading = printed.lastIndex(where: { $0.hasPrefix("dictionary: ") }) else { return false }
            return printed[(heading + 1)...].map { String($0.dropFirst(2)) } == lines
        }
    }

    /// Waits until exactly these have a name.
    func expectHolders(_ ids: [Int], of name: String, within seconds: Double = 20) throws {
        let client = try client()
        var seen = "nothing"
        do {
            try TestClock.wait(for: "holders \(ids) of \(name)", within: seconds) {
                let reply = try client.ask("SEARCH \(name)")
                seen = reply.text
                let sources = reply[2]?[0]?["sources"]?.array ?? []
                return sources.compactMap { $0[0]?.integer }.sorted() == ids
            }
        } catch {
            throw TestFailure("\(error); last: \(seen)")
        }
    }

    /// The line of a peer in the dictionary.
    static func line(_ peer: PeerFixture, _ names: String...) throws -> String {
        "(\(try peer.id), 127.0.0.1, \(peer.port)): [\(names.map { "'\($0)'" }.joined(separator: ", "))]"
    }
}
