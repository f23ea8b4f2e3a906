import Glibc
import P2PProtocol
import TestSupport
import Testing

/// The identity of files, against the reference implementation of BitTorrent v2.
@Suite struct PeerHashTests {
    private static let sizes = [
        1, (16 << 10) - 1, 16 << 10, (16 << 10) + 1, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, (5 << 20) + 7, 300 << 20,
    ]

    /// Prints the pieces root of each file that it is given.
    private static let script = """
        import sys, os, libtorrent as lt
        for path in sys.argv[1:]:
            files = lt.file_storage()
            lt.add_files(files, path)
            torrent = lt.create_torrent(files, 1 << 20, lt.create_torrent.v2_only)
            lt.set_piece_hashes(torrent, os.path.dirname(path))
            info = lt.torrent_info(torrent.generate())
            print(info.files().root(0))
        """

    @Test("peer hash prints the pieces root that libtorrent computes", .enabled(if: Tool.hasLibtorrent))
    func againstLibtorrent() throws {
        let scratch = try ScratchFolder()
        let paths = try Self.sizes.map { try Self.make($0, in: scratch) }
        let theirs = try ChildProcess.run(Tool.python.path, ["-c", Self.script] + paths)
        #expect(theirs.code == 0, "\(String(decoding: theirs.errors, as: UTF8.self))")
        let ours = try ChildProcess.run("peer", ["hash"] + paths)
        #expect(ours.code == 0)
        let roots = String(decoding: theirs.output, as: UTF8.self).split(separator: "\n")
        let lines = String(decoding: ours.output, as: UTF8.self).split(separator: "\n").map { String($0) }
        #expect(lines == zip(zip(roots, Self.sizes), paths).map { "\($0.0)  \($0.1)  \($1)" })
    }

    /// A file of so many bytes, most of them zero: no two pieces are alike, and the large one takes no disk.
    private static func make(_ size: Int, in scratch: ScratchFolder) throws -> String {
        let path = try scratch.write("\(size)", Noise.bytes(min(size, 100_000), seed: UInt64(size)))
        guard truncate(path, size) == 0 else { throw TestFailure("truncate: \(errno)") }
        let file = open(path, O_WRONLY)
        defer { close(file) }
        for start in stride(from: 1 << 20, to: size - 8, by: 1 << 20) {
            var stamp = start
            pwrite(file, &stamp, 8, start)
        }
        return path
    }
}
