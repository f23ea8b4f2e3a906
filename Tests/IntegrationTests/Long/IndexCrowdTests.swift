import Glibc
import P2PProtocol
import TestSupport
import Testing

/// Nothing stays behind of a crowd that has left.
@Suite struct IndexCrowdTests {
    /// Five minutes in a long run, or as long as ROOKERY_CROWD_SECONDS says.
    private static let seconds =
        getenv("ROOKERY_CROWD_SECONDS").flatMap { Double(String(cString: $0)) } ?? (Tool.isLongRun ? 300 : 4)

    @Test("a thousand clients list, search and vanish at random: nothing stays, nor any memory")
    func crowd() throws {
        try IndexFixture.run(["--log-level", "warning"]) { index in
            var crowd = IndexCrowd(index, clients: Tool.isLongRun ? 1_000 : 60, seed: 3)
            try crowd.live(for: Self.seconds / 4)
            try crowd.leave()
            try Self.expectNothing(index)
            let warm = try index.residentKiB
            try crowd.live(for: Self.seconds * 3 / 4)
            try crowd.leave()
            try Self.expectNothing(index)
            #expect(crowd.faults.isEmpty, "\(crowd.faults.prefix(5))")
            // A short run still grows a little into its buffers.
            try TestClock.wait(for: "memory back near \(warm) KiB", within: 30) {
                try index.residentKiB <= warm + warm / 10 + (Tool.isLongRun ? 0 : 4_096)
            }
        }
    }

    @Test("a peer that leaves in the middle of a command is gone, like any other", arguments: [true, false])
    func unfinished(closes: Bool) throws {
        try IndexFixture.run { index in
            let peers = try (0..<20).map { try index.sharer(["a\($0)"]) }
            for peer in peers {
                peer.send(Bytes("*5\r\n$3\r\nUPD\r\n$3\r\nADD\r\n$5\r\nNA".utf8))
                if closes { peer.close() } else { peer.finishWriting() }
            }
            try Self.expectNothing(index)
        }
    }

    private static func expectNothing(_ index: IndexFixture) throws {
        try index.wait(for: "PEERS") { $0.array?.isEmpty == true }
        try index.wait(for: "LIST *") { $0[0]?.integer == 0 }
        try index.wait(for: "SEARCH *") { $0[0]?.integer == 0 }
    }
}
