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
        "[fault F8] a disk that gets full pauses the download, and room lets it go on; nothing that came is lost",
        .enabled(if: SmallDisk.isPossible, "needs root for a small file system"))
    func full() throws {
        let index = try IndexFixture()
        let song = Noise.bytes((24 << 20) + 5, seed: 2)
        let source = try ScriptedSource(.paced(bytesPerSecond: 6_000_000), [.init("song.bin", song)], at: index)
        let disk = try SmallDisk(mebibytes: 40)
        let process = try PeerFixture.start(["get", "song.bin"], at: [index], in: disk.path)
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
}
