import Glibc
import P2PProtocol
import TestSupport
import Testing

/// Many small files in one order.
@Suite struct PeerManyFilesTests {
    /// A peer that shares many files, of which the index knows the content.
    private struct Scene {
        let scratch: ScratchFolder
        let index: IndexFixture
        let peer: PeerFixture

        init(_ count: Int) throws {
            scratch = try ScratchFolder()
            index = try IndexFixture()
            scratch.folder("share")
            for number in 0..<count {
                let content = Noise.bytes(1 + number * 37 % 3_000, seed: UInt64(number))
                try scratch.write("share/tiny \(number).bin", content)
            }
            peer = try PeerFixture.daemon(at: index, in: scratch.file("share"))
            try peer.process.expect("share.hashed", onError: true)
            try index.wait(for: "SEARCH tiny LIMIT 1000") { page in
                page[0]?.integer == count && page[2]?.array?.allSatisfy { $0["root"]?.bytes != nil } == true
            }
        }

        func close() throws {
            try peer.stop()
            try index.stop()
        }
    }

    @Test("[mission F5] [mission F6] more files than one answer of the index holds, and what is here is not asked for")
    func all() throws {
        let scene = try Scene(1_100)
        for flags in [[], ["--serial"]] {
            let folder = scene.scratch.folder("here\(flags.count)")
            let first = try PeerFixture.run(["get", "tiny", "--all"] + flags, at: [scene.index], in: folder)
            #expect(first.code == 0, "\(first.complaints)")
            #expect(first.text.split(separator: "\n").count == 1_100)
            for number in 0..<1_100 {
                let name = "tiny \(number).bin"
                #expect(
                    ScratchFolder.read("\(folder)/\(name)") == ScratchFolder.read(scene.scratch.file("share/\(name)")))
            }
            let requests = try scene.peer.metric("rookery_peer_requests_total")
            let second = try PeerFixture.run(["get", "tiny", "--all"] + flags, at: [scene.index], in: folder)
            #expect(second.code == 0 && second.complaints.contains("already here: "))
            #expect(second.text.split(separator: "\n").count == 1_100)
            // The question itself is counted.
            #expect(try scene.peer.metric("rookery_peer_requests_total") <= requests + 2)
        }
        try scene.close()
    }

    @Test("one that nobody can give is named, and the exit code says so; the others come")
    func missing() throws {
        let scene = try Scene(30)
        let folder = scene.scratch.folder("here")
        let liar = try ScriptedSource(.lying(from: 0), [.init("tiny liar", Noise.bytes(99, seed: 99))], at: scene.index)
        let result = try PeerFixture.run(["get", "tiny", "--all"], at: [scene.index], in: folder)
        #expect(result.code == 1)
        #expect(result.complaints.contains("tiny liar: no source could give it: peer \(liar.id) at"))
        #expect(result.complaints.contains("wrong data"))
        #expect(ScratchFolder.list(folder).filter { $0.hasPrefix("tiny") }.count == 30)
        try scene.close()
    }

    @Test("[fault F2] killed at any moment: no name without its whole content, and the next time brings the rest")
    func killed() throws {
        let scene = try Scene(1_000)
        let folder = scene.scratch.folder("here")
        for kill in [0, 1, 7, 100, 400] {
            let process = try PeerFixture.start(["get", "tiny", "--all"], at: [scene.index], in: folder)
            let before = ScratchFolder.list(folder).count
            try TestClock.wait(for: "files, or the end") {
                ScratchFolder.list(folder).count >= min(before + kill, 1_000) || !process.isRunning
            }
            process.signal(SIGKILL)
            _ = try? process.exitCode()
            for name in ScratchFolder.list(folder) where name.hasPrefix("tiny") {
                let there = ScratchFolder.read("\(folder)/\(name)")
                #expect(there == ScratchFolder.read(scene.scratch.file("share/\(name)")), "\(name) after \(kill)")
            }
        }
        let last = try PeerFixture.run(["get", "tiny", "--all"], at: [scene.index], in: folder)
        #expect(last.code == 0, "\(last.complaints.suffix(500))")
        #expect(ScratchFolder.list(folder).filter { $0.hasPrefix("tiny") }.count == 1_000)
        #expect(!ScratchFolder.list(folder).contains { $0.hasSuffix(".part") })
        try scene.close()
    }

    @Test("[mission F5] [fault F2] through a running peer they go together, and on after a kill")
    func queued() throws {
        let scene = try Scene(600)
        let folder = scene.scratch.folder("here")
        let liar = try ScriptedSource(.lying(from: 0), [.init("tiny liar", Noise.bytes(99, seed: 99))], at: scene.index)
        func arrived() -> Int { ScratchFolder.list(folder).filter { $0.hasPrefix("tiny") }.count }
        let first = try PeerFixture.daemon(at: scene.index, in: folder)
        let order = try PeerFixture.start(["get", "tiny", "--all"], at: [scene.index], in: folder)
        // The last of the orders is taken before it is killed.
        try TestClock.wait(for: "the orders") {
            try Self.states(folder, scene.index).count == 601 || !order.isRunning
        }
        first.process.signal(SIGKILL)
        _ = try first.process.exitCode()
        _ = try? order.exitCode()
        let second = try PeerFixture.daemon(at: scene.index, in: folder)
        try TestClock.wait(for: "all but the lie", within: 60) {
            try Self.states(folder, scene.index).filter { $0.value == "done" }.count == 600
        }
        #expect(arrived() == 600)
        // Who cannot be had is named alone.
        let reasons = try Self.reasons(folder, scene.index)
        #expect(reasons["tiny liar"]?.contains("peer \(liar.id) at") == true, "\(reasons)")
        #expect(reasons.filter { $0.value != "it was here already" }.count == 1, "\(reasons)")
        let left = ScratchFolder.list(folder).filter { $0.hasSuffix(".part") }
        #expect(left.allSatisfy { $0 == "\(Noise.bytes(99, seed: 99).contentRoot).part" }, "\(left)")
        try second.stop()
        try scene.close()
    }

    private static func transfers(_ folder: String, _ index: IndexFixture) throws -> [JSON] {
        let result = try PeerFixture.run(["transfers", "--json"], at: [index], in: folder)
        return try JSON.parse(Bytes(result.text.utf8))["transfers"]?.array ?? []
    }

    private static func states(_ folder: String, _ index: IndexFixture) throws -> [String: String] {
        let states = try transfers(folder, index).map {
            (TransferScene.text($0, "name"), TransferScene.text($0, "state"))
        }
        return Dictionary(states) { $1 }
    }

    private static func reasons(_ folder: String, _ index: IndexFixture) throws -> [String: String] {
        let reasons = try transfers(folder, index).map {
            (TransferScene.text($0, "name"), TransferScene.text($0, "reason"))
        }
        return Dictionary(reasons.filter { !$0.1.isEmpty }) { $1 }
    }
}
