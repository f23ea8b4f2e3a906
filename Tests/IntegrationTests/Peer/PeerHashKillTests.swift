import Glibc
import P2PProtocol
import TestSupport
import Testing

/// A peer that is killed while it reads its folder.
@Suite struct PeerHashKillTests {
    private static let count = 30

    @Test("[fault F6] killed while it hashes, a peer keeps what it had finished, does the rest, and all of it is right")
    func killed() throws {
        let (scratch, index) = (try ScratchFolder(), try IndexFixture())
        scratch.folder("share")
        // Mostly holes: quick to make, and as much to hash as any.
        for number in 0..<Self.count {
            let file = try scratch.write("share/sparse \(number).bin", Noise.bytes(99, seed: UInt64(number)))
            #expect(truncate(file, 24 << 20) == 0)
        }
        var known = 0
        for goal in [5, 12] {
            let peer = try PeerFixture.daemon(at: index, in: scratch.file("share"))
            try TestClock.wait(for: "\(goal) roots", within: 60) {
                known = try Self.roots(index).count
                return known >= goal
            }
            peer.process.signal(SIGKILL)
            _ = try peer.process.exitCode()
            try index.wait(for: "PEERS") { $0.array?.isEmpty == true }
        }
        let peer = try PeerFixture.daemon(at: index, in: scratch.file("share"))
        try peer.process.expect("share.hashed", onError: true, within: 60)
        // What was being written to the cache when it was killed is hashed once more.
        let hashed = try Self.number("files", in: peer.process.errorText)
        #expect(hashed <= Self.count - known + 4, "\(hashed) though \(known) were known")
        try TestClock.wait(for: "all roots") { try Self.roots(index).count == Self.count }
        for (name, root) in try Self.roots(index) {
            #expect(ScratchFolder.root(of: scratch.file("share/\(name)")).map { "\($0)" } == root, "\(name)")
        }
        try peer.stop()
        try index.stop()
    }

    /// What the index knows by now.
    private static func roots(_ index: IndexFixture) throws -> [String: String] {
        let hits = try index.client().ask("SEARCH sparse LIMIT 100")[2]?.array ?? []
        var roots: [String: String] = [:]
        for hit in hits {
            guard let name = hit["name"]?.bytes, let root = hit["root"]?.bytes else { continue }
            roots[String(decoding: name, as: UTF8.self)] = String(decoding: root, as: UTF8.self)
        }
        return roots
    }

    private static func number(_ key: String, in log: String) throws -> Int {
        let line = log.split(separator: "\n").last { $0.contains("share.hashed") } ?? ""
        let word = line.split(separator: " ").first { $0.hasPrefix("\(key)=") } ?? ""
        guard let number = Int(word.dropFirst(key.count + 1)) else { throw TestFailure("no \(key) in \(line)") }
        return number
    }
}
