import Glibc
import P2PProtocol
import P2PRuntime
import Peer
import TestSupport
import Testing

/// What of a disk downloads leave to others.
@Suite struct DiskFloorTests {
    @Test(
        "[fault F9] a hundredth of the disk stays free, to the byte",
        arguments: [(0, 0), (999, 0), (1_000, 0), (1_001, 1), (100_000, 99_000)])
    func floor(free: Int, usable: Int) {
        let room = DiskRoom(totalBytes: 100_000, freeBytes: free)
        #expect(room.usableBytes == usable)
        #expect(room.takes(usable, files: 1) && !room.takes(usable + 1, files: 1))
        #expect(!room.takes(.max, files: 1))
    }

    @Test("[fault F11] no file is begun that has no inode; where none are counted there always is one")
    func files() {
        #expect(DiskRoom(totalBytes: 1_000, freeBytes: 900, freeFiles: 2).takes(1, files: 2))
        #expect(!DiskRoom(totalBytes: 1_000, freeBytes: 900, freeFiles: 2).takes(1, files: 3))
        #expect(DiskRoom(totalBytes: 1_000, freeBytes: 900).takes(1, files: .max))
    }

    @Test(
        "[fault F9] [fault F11] a file system says what it has of both",
        .enabled(if: SmallDisk.isPossible, "needs root for a small file system"))
    func room() throws {
        let disk = try SmallDisk(mebibytes: 8, files: 5)
        let folder = try RootedFolder(Bytes(disk.path.utf8))
        #expect(try folder.room() == DiskRoom(totalBytes: 8 << 20, freeBytes: 8 << 20, freeFiles: 4))
        try folder.createFile(Bytes(ascii: "a")).write(Bytes(repeating: 1, count: 5_000), at: 0)
        #expect(try folder.room() == DiskRoom(totalBytes: 8 << 20, freeBytes: (8 << 20) - 8_192, freeFiles: 3))
    }

    @Test(
        "[fault F9] what is to come has its room set aside, and gives it back when it does not come",
        .enabled(if: SmallDisk.isPossible, "needs root for a small file system"))
    func reserved() throws {
        let disk = try SmallDisk(mebibytes: 8)
        let folder = try RootedFolder(Bytes(disk.path.utf8))
        let file = try folder.createFile(Bytes(ascii: "part"))
        let isReserved = file.reserve(6 << 20)
        #expect(isReserved)
        let size = try file.status().identity.size
        #expect(try folder.room().freeBytes == 2 << 20 && size == 0)
        let isTooMuch = !file.reserve(9 << 20)
        #expect(isTooMuch)
        let content = noise(1 << 20, seed: 1)
        try file.write(content, at: 2 << 20)
        for range in [0..<2 << 20, 3 << 20..<6 << 20] {
            let isBack = file.giveBack(range)
            #expect(isBack)
        }
        #expect(try folder.room().freeBytes == 7 << 20)
        var kept = Bytes(repeating: 0, count: content.count)
        let count = try kept.withUnsafeMutableBytes { try file.read(into: $0, at: 2 << 20) }
        #expect(count == content.count && kept == content)
    }
}
