import Glibc
import P2PProtocol
import TestSupport
import Testing

/// Downloads to disks that are full.
@Suite struct PeerSwarmDiskTests {
    @Test(
        "[fault F9] a download that does not fit is refused before it begins, with what it takes and what there is",
        .enabled(if: SmallDisk.isPossible, "needs root for a small file system"))
    func tooSmall() throws {
        let index = try IndexFixture()
        let song = Noise.bytes((9 << 20) + 5, seed: 1)
        let source = try ScriptedSource(.honest, [.init("song.bin", song)], at: index)
        let disk = try SmallDisk(mebibytes: 8)
        let result = try PeerFixture.run(["get", "song.bin"], at: [index], in: disk.path)
        #expect(result.code == 1)
        #expect(result.complaints.contains("not enough space: it takes \(song.count) bytes"), "\(result.complaints)")
        #expect(source.sentBytes == 0)
        try index.stop()
    }

    @Test(
        "[fault F9] what a download needs is set aside when it begins: a disk that others fill meanwhile is not missed",
        .enabled(if: SmallDisk.isPossible, "needs root for a small file system"))
    func reserved() throws {
        let index = try IndexFixture()
        let song = Noise.bytes((24 << 20) + 5, seed: 2)
        let source = try ScriptedSource(.paced(bytesPerSecond: 12_000_000), [.init("song.bin", song)], at: index)
        let disk = try SmallDisk(mebibytes: 40)
        let process = try PeerFixture.start(["get", "song.bin"], at: [index], in: disk.path)
        try TestClock.wait(for: "a beginning") { source.sentBytes > 3 << 20 }
        try disk.fill("filler")
        #expect(try process.exitCode(within: 60) == 0, "\(process.errorText)")
        #expect(!process.errorText.contains("the disk is full"))
        #expect(ScratchFolder.root(of: "\(disk.path)/song.bin") == song.contentRoot)
        try index.stop()
    }

    @Test(
        "[fault F8] [fault F9] where no room can be set aside, a full disk pauses the download, and room lets it go on",
        .enabled(if: SmallDisk.isPossible && canInject, "needs root for a small file system, and strace"))
    func full() throws {
        let index = try IndexFixture()
        let song = Noise.bytes((24 << 20) + 5, seed: 2)
        let source = try ScriptedSource(.paced(bytesPerSecond: 6_000_000), [.init("song.bin", song)], at: index)
        let disk = try SmallDisk(mebibytes: 40)
        let process = try ChildProcess(
            Self.strace,
            ["-f", "-qq", "--seccomp-bpf", "-o", "/dev/null", "-e", "trace=fallocate"]
                + ["-e", "inject=fallocate:error=EOPNOTSUPP", "\(ChildProcess.productsFolder)/peer", "get", "song.bin"]
                + ["--server", "127.0.0.1:\(index.port)", "--dir", disk.path],
            environment: ["HOME": disk.path])
        try TestClock.wait(for: "a beginning") { source.sentBytes > 3 << 20 }
        try disk.fill("filler")
        try process.expect("the disk is full", onError: true)
        disk.remove("filler")
        #expect(try process.exitCode(within: 60) == 0, "\(process.errorText)")
        #expect(ScratchFolder.root(of: "\(disk.path)/song.bin") == song.contentRoot)
        // What was under way when the disk was full, and what it was tried with since.
        #expect(source.sentBytes <= song.count + (16 << 20), "\(source.sentBytes)")
        try index.stop()
    }

    @Test(
        "[fault F11] where no file can be made a download is refused and says so; with room for files it comes",
        .enabled(if: SmallDisk.isPossible, "needs root for a small file system"), arguments: [1, 3])
    func noInodes(songs count: Int) throws {
        let (scratch, index) = (try ScratchFolder(), try IndexFixture())
        let songs = (0..<count).map { ScriptedSource.File("song \($0)", Noise.bytes(100_000 + $0, seed: UInt64($0))) }
        let source = try ScriptedSource(.honest, songs, at: index)
        let disk = try SmallDisk(mebibytes: 8, files: 10)
        let fillers = (0..<10).map { "\($0)" }
        for filler in fillers { close(open("\(disk.path)/\(filler)", O_WRONLY | O_CREAT, 0o644)) }
        let order = ["get", "song", "--all", "--to", disk.path]
        let refused = try PeerFixture.run(order, at: [index], in: scratch.folder("you"))
        #expect(refused.code == 1 && refused.complaints.contains("the disk takes no more files"), "\(refused)")
        #expect(source.sentBytes == 0)
        for filler in fillers { disk.remove(filler) }
        #expect(try PeerFixture.run(order, at: [index], in: scratch.folder("you")).code == 0)
        for song in songs {
            let name = String(decoding: song.name, as: UTF8.self)
            #expect(ScratchFolder.read("\(disk.path)/\(name)") == song.content)
        }
        try index.stop()
    }

    @Test(
        "[fault F11] where names must be shorter the file gets a shorter one, with its extension",
        .enabled(if: canInject, "needs strace"))
    func longName() throws {
        let (scratch, index) = (try ScratchFolder(), try IndexFixture())
        let song = Noise.bytes((2 << 20) + 5, seed: 6)
        let name = String(repeating: "na", count: 100) + ".flac"
        let source = try ScriptedSource(.honest, [.init(name, song)], at: index)
        let you = scratch.folder("you")
        let process = try ChildProcess(
            Self.strace,
            [
                "-f", "-qq", "-o", "/dev/null", "-e", "trace=renameat2", "-e",
                "inject=renameat2:error=ENAMETOOLONG:when=1",
            ]
                + ["\(ChildProcess.productsFolder)/peer", "get", name, "--server", "127.0.0.1:\(index.port)"]
                + ["--dir", you],
            environment: ["HOME": you])
        #expect(try process.exitCode(within: 60) == 0, "\(process.errorText)")
        let short = String(name.prefix(138)) + ".flac"
        #expect(ScratchFolder.root(of: "\(you)/\(short)") == song.contentRoot, "\(ScratchFolder.list(you))")
        withExtendedLifetime(source) {}
        try index.stop()
    }

    /// Whether system calls can be made to fail here.
    private static let canInject =
        access(strace, X_OK) == 0 && (try? ChildProcess.run(strace, ["-o", "/dev/null", "/bin/true"]).code) == 0
    private static let strace = "/usr/bin/strace"

    /// A download in which a call on the unfinished file fails as `injection` says, and somebody who has the song.
    private static func download(
        _ song: Bytes, at index: IndexFixture, into folder: String, failing call: String, _ injection: String
    ) throws -> ChildProcess {
        mkdir(folder, 0o755)
        let part = "\(folder)/\(song.contentRoot).part"
        close(open(part, O_WRONLY | O_CREAT, 0o644))
        let peer = "\(ChildProcess.productsFolder)/peer"
        return try ChildProcess(
            strace,
            ["-f", "-qq", "-o", "/dev/null", "-P", part, "-e", "trace=\(call)", "-e", "inject=\(call):\(injection)"]
                + [peer, "get", "song.bin", "--server", "127.0.0.1:\(index.port)", "--dir", folder],
            environment: ["HOME": folder])
    }

    @Test(
        "[fault F10] a sync that fails once ends the download; what it was about is not believed, and comes right later",
        .enabled(if: canInject, "needs strace"))
    func failedSync() throws {
        let scratch = try ScratchFolder()
        let index = try IndexFixture()
        let song = Noise.bytes((5 << 20) + 5, seed: 3)
        let source = try ScriptedSource(.honest, [.init("song.bin", song)], at: index)
        let you = scratch.file("you")
        let process = try Self.download(song, at: index, into: you, failing: "fdatasync", "error=EIO:when=1")
        #expect(try process.exitCode(within: 60) == 1)
        #expect(process.errorText.contains("the disk refused: fdatasync"), "\(process.errorText)")
        #expect(!ScratchFolder.exists("\(you)/song.bin") && !ScratchFolder.exists("\(you)/\(song.contentRoot).journal"))
        #expect(try PeerFixture.run(["get", "song.bin"], at: [index], in: you).code == 0)
        #expect(ScratchFolder.root(of: "\(you)/song.bin") == song.contentRoot)
        withExtendedLifetime(source) {}
        try index.stop()
    }

    @Test(
        "[fault F10] of small files a sync that fails once fails its group alone: none of it is believed or has a name",
        .enabled(if: canInject, "needs strace"))
    func failedGroupSync() throws {
        let (scratch, index) = (try ScratchFolder(), try IndexFixture())
        let files = (0..<60).map { ScriptedSource.File("tiny \($0)", Noise.bytes(9_000 + $0, seed: UInt64($0))) }
        let source = try ScriptedSource(.honest, files, at: index)
        let you = scratch.folder("you")
        let process = try ChildProcess(
            Self.strace,
            ["-f", "-qq", "-o", "/dev/null", "-e", "trace=syncfs", "-e", "inject=syncfs:error=EIO:when=1"]
                + ["\(ChildProcess.productsFolder)/peer", "get", "tiny", "--all"]
                + ["--server", "127.0.0.1:\(index.port)", "--dir", you],
            environment: ["HOME": you])
        #expect(try process.exitCode(within: 60) == 1)
        #expect(process.errorText.contains("the disk refused: syncfs"), "\(process.errorText.suffix(500))")
        // What was not synced is gone: the kernel may have dropped it, although it can still be read.
        let left = ScratchFolder.list(you)
        #expect(!left.contains { $0.hasSuffix(".part") }, "\(left)")
        #expect(left.filter { $0.hasPrefix("tiny") }.count < 60)
        #expect(try PeerFixture.run(["get", "tiny", "--all"], at: [index], in: you).code == 0)
        for file in files {
            let name = String(decoding: file.name, as: UTF8.self)
            #expect(ScratchFolder.read("\(you)/\(name)") == file.content)
        }
        withExtendedLifetime(source) {}
        try index.stop()
    }

    @Test(
        "[fault F7] a full disk under the queue refuses new orders and keeps the old ones; with room it takes them again",
        .enabled(if: SmallDisk.isPossible, "needs root for a small file system"))
    func fullState() throws {
        let (scratch, index) = (try ScratchFolder(), try IndexFixture())
        let songs = (1...3).map { ScriptedSource.File("song \($0)", Noise.bytes((2 << 20) + $0, seed: UInt64($0))) }
        let source = try ScriptedSource(.refusing, songs, at: index)
        let (you, disk) = (scratch.folder("you"), try SmallDisk(mebibytes: 4))
        let state = ["--state", disk.path]
        let daemon = try PeerFixture.daemon(at: index, in: you, state)
        func order(_ number: Int) throws -> ChildProcess {
            try PeerFixture.start(["get", "song \(number)"] + state, at: [index], in: you)
        }
        func queue() throws -> [String] {
            let result = try PeerFixture.run(["transfers", "--json"] + state, at: [index], in: you)
            let transfers = try JSON.parse(Bytes(result.text.utf8))["transfers"]?.array ?? []
            return transfers.map { TransferScene.text($0, "name") }.sorted()
        }
        let first = try order(1)
        try TestClock.wait(for: "the first order") { try queue() == ["song 1"] }
        try disk.fill("filler")
        let second = try order(2)
        #expect(try second.exitCode(within: 30) != 0)
        disk.remove("filler")
        let third = try order(3)
        try TestClock.wait(for: "the third order") { try queue().contains("song 3") }
        for process in [first, third] { process.signal(SIGKILL) }
        let before = try queue()
        daemon.process.signal(SIGKILL)
        _ = try daemon.process.exitCode()
        let again = try PeerFixture.daemon(at: index, in: you, state)
        #expect(try queue() == before && before.contains("song 1"))
        try again.stop()
        withExtendedLifetime(source) {}
        try index.stop()
    }

    @Test(
        "[fault F8] [fault F11] a disk or a quota that refuses a write now and then only slows a download down",
        .enabled(if: canInject, "needs strace"), arguments: ["ENOSPC", "EDQUOT"])
    func fullNowAndThen(error: String) throws {
        let scratch = try ScratchFolder()
        let index = try IndexFixture()
        let song = Noise.bytes((6 << 20) + 5, seed: 4)
        let source = try ScriptedSource(.honest, [.init("song.bin", song)], at: index)
        let you = scratch.file("you")
        let process = try Self.download(song, at: index, into: you, failing: "pwrite64", "error=\(error):when=1")
        #expect(try process.exitCode(within: 60) == 0, "\(process.errorText)")
        #expect(process.errorText.contains("the disk is full"), "\(process.errorText)")
        #expect(ScratchFolder.root(of: "\(you)/song.bin") == song.contentRoot)
        withExtendedLifetime(source) {}
        try index.stop()
    }

    @Test(
        "[fault F11] a disk that can no longer be written ends a download with its reason, and keeps the part",
        .enabled(if: canInject, "needs strace"), arguments: ["EROFS", "EIO", "EFBIG"])
    func refused(error: String) throws {
        let scratch = try ScratchFolder()
        let index = try IndexFixture()
        let song = Noise.bytes((3 << 20) + 5, seed: 5)
        let source = try ScriptedSource(.honest, [.init("song.bin", song)], at: index)
        let you = scratch.file("you")
        let process = try Self.download(song, at: index, into: you, failing: "pwrite64", "error=\(error)")
        #expect(try process.exitCode(within: 60) == 1)
        #expect(process.errorText.contains("the disk refused: pwrite"), "\(process.errorText)")
        #expect(ScratchFolder.exists("\(you)/\(song.contentRoot).part"))
        withExtendedLifetime(source) {}
        try index.stop()
    }
}
