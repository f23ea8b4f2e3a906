import Glibc
import P2PProtocol
import TestSupport
import Testing

/// Moves while giver, taker and index are killed: the file is never gone from both, and in the end it has one owner.
@Suite struct PeerMoveTests {
    /// An index, a giver and a taker that come back as the same when they were killed.
    private final class Scene {
        enum Side: CaseIterable {
            case index, giver, taker
        }

        let scratch: ScratchFolder
        var index: IndexFixture
        var giver: PeerFixture
        var taker: PeerFixture
        let giverID: Int
        let takerID: Int
        private(set) var files: [String: Bytes] = [:]

        init() throws {
            scratch = try ScratchFolder()
            index = try IndexFixture()
            scratch.folder("giver")
            giver = try PeerFixture.daemon(at: index, in: scratch.file("giver"), ["--ownership", "move"])
            taker = try PeerFixture.daemon(at: index, in: scratch.file("taker"))
            (giverID, takerID) = (try giver.id, try taker.id)
        }

        /// Gives the giver files of a round, and waits until they can be had.
        func share(_ count: Int, ofRound round: Int, size: Int) throws -> [String] {
            let names = (0..<count).map { "round\(round) file\($0).bin" }
            for (place, name) in names.enumerated() {
                let content = Noise.bytes(size, seed: UInt64(round * 1_000 + place))
                files[name] = content
                try scratch.write("giver/\(name)", content)
            }
            for name in names { try index.expectHolders([giverID], of: name) }
            return names
        }

        /// Orders the files of a round, and waits until the queue holds them.
        func order(_ names: [String], ofRound round: Int) throws {
            let get = try PeerFixture.start(
                ["get", "round\(round)", "--all", "--move"], at: [index], in: scratch.file("taker"))
            try TestClock.wait(for: "orders") {
                let known = try transfers().map { TransferScene.text($0, "name") }
                return Set(names).isSubset(of: known)
            }
            get.signal(SIGKILL)
            _ = try get.exitCode()
        }

        func transfers() throws -> [JSON] {
            let result = try PeerFixture.run(["transfers", "--json", "--dir", taker.folder], in: scratch.path)
            return try JSON.parse(Bytes(result.text.utf8))["transfers"]?.array ?? []
        }

        func kill(_ side: Side) throws {
            switch side {
            case .index:
                try index.kill()
                index = try IndexFixture(["--port", "\(index.port)"], scratch: index.scratch)
            case .giver:
                try Scene.kill(giver)
                giver = try PeerFixture(
                    "daemon", at: [index], in: giver.folder, port: giver.port, ["--ownership", "move"])
            case .taker:
                try Scene.kill(taker)
                taker = try PeerFixture("daemon", at: [index], in: taker.folder, port: taker.port)
            }
        }

        private static func kill(_ peer: PeerFixture) throws {
            peer.process.signal(SIGKILL)
            _ = try peer.process.exitCode()
        }

        /// The files that neither has whole.
        func lost(_ names: [String]) -> [String] {
            names.filter { name in
                let places = ["giver/\(name)", "giver/.rookery/handed-off/\(name)", "taker/\(name)"]
                return !places.contains { ScratchFolder.read(scratch.file($0)) == files[name] }
            }
        }

        /// Waits until every move is over, and the index names the taker alone.
        func settle(_ names: [String]) throws {
            try TestClock.wait(for: "the end of all moves", within: 150) {
                let states = Dictionary(
                    try transfers().map { (TransferScene.text($0, "name"), TransferScene.text($0, "state")) },
                    uniquingKeysWith: { $1 })
                return names.allSatisfy { states[$0] == "done" }
            }
            for name in names {
                #expect(ScratchFolder.read(scratch.file("taker/\(name)")) == files[name], "\(name)")
                #expect(!ScratchFolder.exists(scratch.file("giver/\(name)")), "\(name)")
                try index.expectHolders([takerID], of: name)
            }
        }

        func close() throws {
            try taker.stop()
            try giver.stop()
            try index.stop()
        }
    }

    private static func run(rounds: Int, files: Int, kills: Int, size: Int, seed: UInt64) throws {
        let scene = try Scene()
        var random = Seeded(seed: seed)
        for round in 0..<rounds {
            let names = try scene.share(files, ofRound: round, size: size)
            try scene.order(names, ofRound: round)
            for kill in 0..<kills {
                // A moment like any other.
                let moment = TestClock.now + Double.random(in: 0...0.25, using: &random)
                try TestClock.wait(for: "a moment") { TestClock.now >= moment }
                let sides = Scene.Side.allCases
                try scene.kill(rounds == 1 ? sides[kill % sides.count] : sides[Int.random(in: 0...2, using: &random)])
                #expect(scene.lost(names) == [])
            }
            try scene.settle(names)
        }
        try scene.close()
    }

    @Test("[attack C1] five moves while index, giver and taker are killed: nothing is lost, and each has one owner")
    func few() throws { try Self.run(rounds: 1, files: 5, kills: 3, size: 3 << 20, seed: 1) }

    @Test(
        "[attack C1] two hundred moves with kills at random moments",
        .enabled(if: Tool.isLongRun, "ROOKERY_LONG=1 runs it"))
    func many() throws { try Self.run(rounds: 20, files: 10, kills: 4, size: 2 << 20, seed: 2) }
}
