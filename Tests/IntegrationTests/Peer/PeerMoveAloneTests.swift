import Glibc
import P2PProtocol
import TestSupport
import Testing

/// Moves without a running peer at the taker.
@Suite struct PeerMoveAloneTests {
    private static let strace = "/usr/bin/strace"
    private static let canInject =
        access(strace, X_OK) == 0 && (try? ChildProcess.run(strace, ["-o", "/dev/null", "/bin/true"]).code) == 0

    @Test(
        "[attack C1] killed when the file has its name and the debt is not noted, the same order again ends the move",
        .enabled(if: canInject, "needs strace"))
    func killed() throws {
        let (scratch, index) = (try ScratchFolder(), try IndexFixture())
        for folder in ["giver", "taker", "taker/.rookery"] { scratch.folder(folder) }
        let book = Noise.bytes((1 << 20) + 5, seed: 1)
        try scratch.write("giver/book.pdf", book)
        let giver = try PeerFixture.daemon(at: index, in: scratch.file("giver"), ["--ownership", "move"])
        try index.expectHolders([try giver.id], of: "book.pdf")
        let you = scratch.file("taker")
        // It is killed when it opens the queue, into which it would write what it owes.
        let taker = try ChildProcess(
            Self.strace,
            ["-f", "-qq", "-o", "/dev/null", "-P", "\(you)/.rookery/transfers.sqlite"]
                + ["-e", "trace=openat", "-e", "inject=openat:signal=KILL"]
                + ["\(ChildProcess.productsFolder)/peer", "get", "book.pdf", "--move", "--dir", you]
                + ["--server", "127.0.0.1:\(index.port)"],
            environment: ["HOME": you])
        #expect(try taker.exitCode(within: 60) != 0)
        #expect(ScratchFolder.read("\(you)/book.pdf") == book && ScratchFolder.read(giver.file("book.pdf")) == book)

        let again = try PeerFixture.run(["get", "book.pdf", "--move", "--json"], at: [index], in: you)
        #expect(again.code == 0 && again.text.contains(#""done":"moved here""#), "\(again)")
        #expect(!ScratchFolder.exists(giver.file("book.pdf")))
        #expect(ScratchFolder.read(giver.file(".rookery/handed-off/book.pdf")) == book)
        #expect(ScratchFolder.list(you).filter { !$0.hasPrefix(".") } == ["book.pdf"])
        // A copy is left where it is.
        try scratch.write("giver/song.bin", Bytes("la".utf8))
        try scratch.write("taker/mine.bin", Bytes("la".utf8))
        try index.expectHolders([try giver.id], of: "song.bin")
        let copy = try PeerFixture.run(["get", "song.bin"], at: [index], in: you)
        #expect(copy.code == 0 && copy.complaints.contains("already here"))
        #expect(ScratchFolder.exists(giver.file("song.bin")))
        try giver.stop()
        try index.stop()
    }
}
