import Glibc
import P2PProtocol
import TestSupport
import Testing

/// A disk that does not answer.
@Suite struct PeerStallTests {
    private static let strace = "/usr/bin/strace"
    private static let canInject =
        access(strace, X_OK) == 0 && (try? ChildProcess.run(strace, ["-o", "/dev/null", "/bin/true"]).code) == 0

    /// What a file system says when it is asked whether something is in memory (those in other processes and on other
    /// machines do not know), how many read what does not come, and whether what others read lies on the same disk.
    private static let stalls = [("EAGAIN", 3, true), ("EAGAIN", 10, false), ("EOPNOTSUPP", 10, false)]

    @Test(
        "[fault F22] a disk that does not answer for twenty seconds holds up nobody but who reads from it, however many",
        .enabled(if: canInject && SmallDisk.isPossible, "needs strace, and root for another disk"), arguments: stalls)
    func stalledReads(answer: String, readers: Int, isSameDisk: Bool) throws {
        let (scratch, index) = (try ScratchFolder(), try IndexFixture())
        let (share, disk) = (scratch.folder("share"), try SmallDisk(mebibytes: 16))
        let contents = (0..<3).map { Noise.bytes((3 << 20) + $0, seed: UInt64($0)) }
        let slow = try scratch.write("share/slow.bin", contents[0])
        if isSameDisk {
            try scratch.write("share/quick.bin", contents[1])
        } else {
            try disk.write("quick.bin", contents[1])
        }
        // Once without, so that what follows need not be hashed.
        let first = try PeerFixture.daemon(at: index, in: share, ["--share", disk.path])
        try first.process.expect("share.hashed", onError: true)
        try first.stop()

        let calls = ["trace=preadv2,pread64", "inject=preadv2:error=\(answer)", "inject=pread64:delay_enter=20000000"]
        let peer = [
            "\(ChildProcess.productsFolder)/peer", "daemon", "--port", "0", "--dir", share, "--share", disk.path,
        ]
        let giver = try ChildProcess(
            Self.strace,
            ["-f", "-qq", "-o", "/dev/null", "-P", slow] + calls.flatMap { ["-e", $0] }
                + ["/bin/sh", "-c", "echo $$ > pid; exec \"$@\"", "sh"] + peer
                + ["--server", "127.0.0.1:\(index.port)"],
            environment: ["HOME": share], folder: scratch.path)
        let port = try #require(try giver.firstLine().split(separator: ":").last.flatMap { Int($0) })
        for content in contents.prefix(2) {
            try index.wait(for: "SOURCES \(content.contentRoot)") { $0[0]?.integer == 1 }
        }
        let stalled = try (0..<readers).map { _ in
            let client = try WireClient(port: port)
            client.send(Bytes("GET /content/\(contents[0].contentRoot) HTTP/1.1\r\nHost: peer\r\n\r\n".utf8))
            return client
        }
        // Others read here, and what is fetched here comes.
        let quick = try PeerFixture.run(["get", "quick.bin"], at: [index], in: scratch.folder("two"))
        #expect(quick.code == 0, "\(quick.complaints)")
        #expect(ScratchFolder.root(of: scratch.file("two/quick.bin")) == contents[1].contentRoot)
        let source = try ScriptedSource(.honest, [.init("other.bin", contents[2])], at: index)
        let fetched = try PeerFixture.run(["get", "other.bin"], at: [index], in: share)
        #expect(fetched.code == 0, "\(fetched.complaints)")
        #expect(ScratchFolder.root(of: "\(share)/other.bin") == contents[2].contentRoot)
        for client in stalled { client.close() }
        withExtendedLifetime(source) {}
        // Who traces it would wait for the reads to come back.
        let text = String(decoding: ScratchFolder.read(scratch.file("pid")) ?? [], as: UTF8.self)
        let pid = try #require(Int32(text.split(separator: "\n").first ?? ""))
        kill(pid, SIGKILL)
        giver.signal(SIGKILL)
        _ = try giver.exitCode()
        try index.stop()
    }
}
