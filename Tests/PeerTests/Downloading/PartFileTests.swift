import P2PProtocol
import P2PRuntime
import Peer
import TestSupport
import Testing

@Suite struct PartFileTests {
    @Test("two programs do not write one unfinished download; when the first lets go, the second may")
    func lock() throws {
        let scratch = try ScratchFolder()
        let folder = try RootedFolder(Bytes(scratch.path.utf8))
        let (root, layer) = ContentHasher().finish()
        var first: PartFile? = try PartFile(root: root, layer: layer, in: folder)
        let second = try PartFile(root: root, layer: layer, in: folder)
        #expect(first?.lock() == true)
        #expect(!second.lock())
        first = nil
        #expect(second.lock())
    }

    /// An unfinished file of three pieces and a bit, the first two of them synced; the third and the fourth are not.
    private struct Scene {
        let scratch: ScratchFolder
        let folder: RootedFolder
        let content = Noise.bytes((3 << 20) + 17, seed: 1)
        let root: Digest
        let layer: PieceLayer

        init() throws {
            scratch = try ScratchFolder()
            folder = try RootedFolder(Bytes(scratch.path.utf8))
            var hasher = ContentHasher()
            content.withUnsafeBytes { hasher.update($0) }
            (root, layer) = hasher.finish()
            try scratch.write("\(root).part", content)
            let part = try PartFile(root: root, layer: layer, in: folder)
            var synced = PieceSet(count: 4)
            synced.insert(0)
            #expect(try part.survey().isComplete)
            try part.sync(synced)
            synced.insert(1)
            try part.sync(synced)
        }

        var journal: String { "\(root).journal" }

        /// What is believed of a file in which the first and the last piece are wrong.
        func survey() throws -> [Bool] {
            let file = try folder.openFile(Bytes("\(root).part".utf8), for: .readingAndWriting)
            for place in [5, 3 << 20] { try file.write([content[place] ^ 1], at: place) }
            let pieces = try PartFile(root: root, layer: layer, in: folder).survey()
            return (0..<4).map(pieces.contains)
        }
    }

    @Test("[fault F2] what the journal notes is believed without reading it again, the rest is verified")
    func journal() throws {
        let scene = try Scene()
        #expect(try scene.survey() == [true, true, true, false])
        #expect(ScratchFolder.list(scene.scratch.path).sorted() == [scene.journal, "\(scene.root).part"])
    }

    @Test("an odd journal is as good as none", arguments: 0..<7)
    func oddJournal(fault: Int) throws {
        let scene = try Scene()
        let journal = try #require(ScratchFolder.read(scene.scratch.file(scene.journal)))
        switch fault {
        case 0: try scene.scratch.write(scene.journal, Bytes(journal.dropLast()))
        case 1: try scene.scratch.write(scene.journal, journal + [0])
        case 2: try scene.scratch.write(scene.journal, [])
        // A bit for a fifth piece, another hash, another inode.
        case 3: try scene.scratch.write(scene.journal, journal.dropLast() + [0xFF])
        case 4: try scene.scratch.write(scene.journal, Bytes(journal.dropLast(9)) + [0] + journal.suffix(8))
        case 5: try scene.scratch.write(scene.journal, Bytes(ascii: "x") + journal.dropFirst())
        default:
            // The file was begun anew: it has another inode.
            try scene.scratch.move("\(scene.root).part", to: "old")
            try scene.scratch.write("\(scene.root).part", scene.content)
        }
        #expect(try scene.survey() == [false, true, true, false])
    }

    @Test("[fault F7] where there is no room for a journal, the download goes on without")
    func noJournal() throws {
        let scene = try Scene()
        try scene.scratch.move(scene.journal, to: "old")
        scene.scratch.folder(scene.journal)
        let part = try PartFile(root: scene.root, layer: scene.layer, in: scene.folder)
        try part.sync(PieceSet(count: 4))
        #expect(try scene.survey() == [false, true, true, false])
    }

    @Test("a finished file leaves neither journal nor part behind; a hole is not read")
    func finish() throws {
        let scene = try Scene()
        let part = try PartFile(root: scene.root, layer: scene.layer, in: scene.folder)
        #expect(try part.finish(as: Bytes(ascii: "song")) == Bytes(ascii: "song"))
        #expect(ScratchFolder.list(scene.scratch.path) == ["song"])
        let sparse = try PartFile(root: scene.root, layer: scene.layer, in: scene.folder)
        #expect(try sparse.survey().filled == 0)
    }
}
