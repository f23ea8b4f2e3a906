import Glibc
import P2PProtocol
import TestSupport
import Testing

/// A disk that does not answer.
@Suite struct PeerStallTests {
    private static let strace = "/usr/bin/strace"
    private static let canInject =
        access(strace, X_OK) == 0 && (try? ChildProcess.run(strace, ["-o", "/dev/null", "/bin/true"]).code) == 0

    @Test(
        "[fault F22] a disk that does not answer for twenty seconds holds up nobody but who reads from it",
        .enabled(if: canInject, "needs strace"))
    func stalledRead() throws {
        let (scratch, index) = (try ScratchFolder(), try IndexFixture())
        let share = scratch.folder("share")
        let contents = (0..<2).map { Noise.bytes((3 << 20) + $0, seed: UInt64($0)) }
        let slow = try scratch.write("share/slow.bin", contents[0])
        try scratch.write("share/quick.bin", contents[1])
        // Once without, so that what follows need not be hashed.
        let first = try PeerFixture.daemon(at: index, in: share)
        try first.process.expect("share.hashed", onError: true)
        try first.stop()

        let calls = ["trace=preadv2,pread64", "inject=preadv2:error=EAGAIN", "inject=pread64:delay_enter=20000000"]
        let peer = ["\(ChildProcess.productsFolder)/peer", "daemon", "--port", "0", "--dir", share]
        let giver = try ChildProcess(
            Self.strace,
            ["-f", "-qq", "-o", "/dev/null", "-P", slow] + calls.flatMap { ["-e", $0] }
                + ["/bin/sh", "-c", "echo $$ > pid; exec \"$@\"", "sh"] + peer
                + ["--server", "127.0.0.1:\(index.port)"],
            environment: ["HOME": share], folder: scratch.path)
        for content in contents { try index.wait(for: "SOURCES \(content.contentRoot)") { $0[0]?.integer == 1 } }
        let stalled = try PeerFixture.start(["get", "slow.bin"], at: [index], in: scratch.folder("one"))
        try TestClock.wait(for: "a beginning") {
            ScratchFolder.list(scratch.file("one")).contains { $0.hasSuffix(".part") }
        }
        let quick = try PeerFixture.run(["get", "quick.bin"], at: [index], in: scratch.folder("two"))
        #expect(quick.code == 0, "\(quick.complaints)")
        #expect(ScratchFolder.root(of: scratch.file("two/quick.bin")) == contents[1].contentRoot)
        #expect(stalled.isRunning && !ScratchFolder.exists(scratch.file("one/slow.bin")))
        stalled.signal(SIGKILL)
        _ = try stalled.exitCode()
        // Who traces it ends with it.
        let text = String(decoding: ScratchFolder.read(scratch.file("pid")) ?? [], as: UTF8.self)
        let pid = try #require(Int32(text.split(separator: "\n").first ?? ""))
        kill(pid, SIGKILL)
        _ = try giver.exitCode()
        try index.stop()
    }
}
