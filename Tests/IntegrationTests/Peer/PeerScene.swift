import Glibc
import P2PProtocol
import TestSupport

/// A peer that shares a few files at an index.
struct PeerScene {
    let scratch: ScratchFolder
    let index: IndexFixture
    let peer: PeerFixture

    /// Starts both, and waits until every file is hashed.
    init(_ files: [(name: Bytes, content: Bytes)], _ flags: [String] = []) throws {
        scratch = try ScratchFolder()
        index = try IndexFixture()
        scratch.folder("share")
        for (name, content) in files { try scratch.write(Bytes("share/".utf8) + name, content) }
        peer = try PeerFixture.daemon(at: index, in: scratch.file("share"), flags)
        let peer = peer
        try TestClock.wait(for: "hashes") {
            let entries = try PeerScene.list(peer)
            return entries.count == files.count && entries.allSatisfy { $0["root"]?.string != nil }
        }
    }

    init(_ files: KeyValuePairs<String, Bytes>, _ flags: [String] = []) throws {
        try self.init(files.map { (Bytes($0.key.utf8), $0.value) }, flags)
    }

    /// The entries of `/share.json`.
    static func list(_ peer: PeerFixture) throws -> [JSON] {
        let answer = try peer.ask("/share.json")
        guard answer.status == 200 else { throw TestFailure(answer.head) }
        return try JSON.parse(answer.body)["entries"]?.array ?? []
    }

    func url(_ content: Bytes, _ name: String = "") -> String { "http://\(peer.address)\(target(content, name))" }

    func target(_ content: Bytes, _ name: String = "") -> String {
        "/content/\(content.contentRoot)\(name.isEmpty ? "" : "/\(name)")"
    }

    /// Ends both, and so shows that they were alive.
    func close() throws {
        try peer.stop()
        try index.stop()
    }
}
