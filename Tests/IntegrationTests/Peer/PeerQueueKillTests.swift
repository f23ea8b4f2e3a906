import Glibc
import P2PProtocol
import TestSupport
import Testing

/// A peer that is killed while orders come in.
@Suite struct PeerQueueKillTests {
    private static func run(kills: Int, seed: UInt64) throws {
        let scene = try TransferScene()
        var random = Seeded(seed: seed)
        var (sent, acknowledged) = (0, Set<String>())
        for _ in 0..<kills {
            let daemon = try scene.daemon()
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                sent += 1
                if try answer(to: order(sent, scene)) { acknowledged.insert("song \(sent)") }
            }
            sent += 1
            let last = try order(sent, scene)
            let moment = TestClock.now + Double.random(in: 0...0.02, using: &random)
            try TestClock.wait(for: "a moment") { TestClock.now >= moment }
            daemon.process.signal(SIGKILL)
            _ = try daemon.process.exitCode()
            if try answer(to: last) { acknowledged.insert("song \(sent)") }
        }
        let kept = try scene.order()
        #expect(acknowledged.subtracting(kept) == [], "\(acknowledged.count) of \(sent) were acknowledged")
        // In the order in which they came, each once.
        let numbers = kept.compactMap { Int($0.dropFirst(5)) }
        #expect(numbers == numbers.sorted() && Set(numbers).count == numbers.count)
        try scene.index.stop()
    }

    /// Sends an order of what nobody has.
    private static func order(_ number: Int, _ scene: TransferScene) throws -> ChildProcess {
        let root = Bytes("song \(number)".utf8).contentRoot
        let body = #"{"orders":[{"root":"\#(root)","size":6,"name":"song \#(number)"}]}"#
        let socket = scene.file(".rookery/control.sock")
        return try ChildProcess(
            Tool.curl.path, ["-sS", "--unix-socket", socket, "-d", body, "http://peer/v1/transfers"])
    }

    /// Whether the order was acknowledged.
    private static func answer(to process: ChildProcess) throws -> Bool {
        try process.exitCode() == 0 && process.text.contains(#""number":"#)
    }

    @Test(
        "[fault F1] an order that was acknowledged is there after kill -9",
        .enabled(if: Tool.curl.isInstalled, "needs curl"))
    func few() throws { try Self.run(kills: 6, seed: 1) }

    @Test(
        "[attack C1] the queue survives two hundred kills while orders come in",
        .enabled(if: Tool.isLongRun && Tool.curl.isInstalled, "ROOKERY_LONG=1 runs it"))
    func many() throws { try Self.run(kills: 200, seed: 2) }
}
