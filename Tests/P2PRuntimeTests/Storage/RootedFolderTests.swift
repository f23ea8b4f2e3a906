import Glibc
import P2PProtocol
import P2PRuntime
import TestSupport
import Testing

@Suite struct RootedFolderTests {
    private let scratch: ScratchFolder
    private let root: RootedFolder

    init() throws {
        scratch = try ScratchFolder()
        scratch.folder("root/inner")
        try scratch.write("secret", Bytes("secret".utf8))
        try scratch.write("root/file", Bytes("content".utf8))
        try scratch.write("root/inner/file", Bytes("inner".utf8))
        symlink("../secret", scratch.file("root/out"))
        symlink("file", scratch.file("root/in"))
        symlink("self", scratch.file("root/self"))
        symlink("/etc", scratch.file("root/etc"))
        symlink("inner", scratch.file("root/alias"))
        mkfifo(scratch.file("root/pipe"), 0o644)
        root = try RootedFolder(Bytes(scratch.file("root").utf8))
    }

    @Test("opens what is below the root", arguments: [("file", "content"), ("inner/file", "inner")])
    func opens(path: String, content: String) throws {
        let file = try root.openFile(Bytes(path.utf8))
        var buffer = Bytes(repeating: 0, count: 100)
        let count = try buffer.withUnsafeMutableBytes { try file.read(into: $0, at: 0) }
        #expect(buffer[..<count].elementsEqual(content.utf8))
    }

    @Test(
        "[attack A51] [attack A55] opens nothing outside the root and follows no link",
        arguments: [
            ("../secret", EXDEV), ("/etc/passwd", EXDEV), ("inner/../../secret", EXDEV), ("out", ELOOP),
            ("in", ELOOP), ("self", ELOOP), ("etc/passwd", ELOOP), ("alias/file", ELOOP), ("", ENOENT),
            ("file\0", EINVAL), ("inner", EINVAL), ("file/x", ENOTDIR), ("none", ENOENT),
        ])
    func refuses(path: String, code: Int32) {
        #expect(Self.code { _ = try root.openFile(Bytes(path.utf8)) } == code)
        if code == EXDEV || code == ELOOP {
            #expect(Self.code { try root.renameWithoutReplacing(Bytes("file".utf8), to: Bytes("etc/x".utf8)) } != nil)
            #expect(Self.code { _ = try root.status(Bytes(path.utf8)) } == code)
        }
    }

    @Test("[attack A54] a pipe does not hang the one who opens it")
    func pipe() throws {
        #expect(Self.code { _ = try root.openFile(Bytes("pipe".utf8)) } == EINVAL)
        #expect(try root.status(Bytes("pipe".utf8)).kind == .other)
    }

    @Test(
        "[attack A50] a file is made only where there is none",
        arguments: [("new", nil), ("file", EEXIST), ("inner", EEXIST), ("out", EEXIST), ("pipe", EEXIST)]
            as [(String, Int32?)])
    func creates(path: String, code: Int32?) throws {
        let outcome = Self.code {
            let file = try root.createFile(Bytes(path.utf8))
            try file.write(Bytes("fresh".utf8), at: 0)
        }
        #expect(outcome == code)
        #expect(ScratchFolder.read(scratch.file("secret")) == Bytes("secret".utf8))
        if code == nil { #expect(ScratchFolder.read(scratch.file("root/new")) == Bytes("fresh".utf8)) }
    }

    @Test("[attack A51] a link that is planted in the target folder's place is not followed")
    func planted() throws {
        try root.makeFolders(Bytes("a/b".utf8))
        rmdir(scratch.file("root/a/b"))
        symlink("/tmp", scratch.file("root/a/b"))
        #expect(Self.code { _ = try root.createFile(Bytes("a/b/planted".utf8)) } == ELOOP)
        #expect(Self.code { try root.makeFolders(Bytes("a/b/c".utf8)) } == ELOOP)
        #expect(Self.code { try root.makeFolders(Bytes("a/b".utf8)) } == ENOTDIR)
    }

    @Test("makes missing folders and is content with those that exist")
    func folders() throws {
        for _ in 0..<2 { try root.makeFolders(Bytes("x/y/z".utf8)) }
        #expect(try root.status(Bytes("x/y/z".utf8)).kind == .folder)
        #expect(Self.code { try root.makeFolders(Bytes("file/x".utf8)) } == ENOTDIR)
        #expect(Self.code { try root.makeFolders(Bytes("file".utf8)) } == ENOTDIR)
    }

    @Test("[attack A50] a rename never replaces what has the name already")
    func renames() throws {
        #expect(
            Self.code { try root.renameWithoutReplacing(Bytes("inner/file".utf8), to: Bytes("file".utf8)) } == EEXIST)
        #expect(ScratchFolder.read(scratch.file("root/file")) == Bytes("content".utf8))
        try root.renameWithoutReplacing(Bytes("inner/file".utf8), to: Bytes("moved".utf8))
        #expect(ScratchFolder.read(scratch.file("root/moved")) == Bytes("inner".utf8))
        try root.removeFile(Bytes("moved".utf8))
        #expect(!ScratchFolder.exists(scratch.file("root/moved")))
    }

    @Test("lists a folder's entries, and says of a link that it is one")
    func entries() throws {
        var found: [String: FileStatus.Kind] = [:]
        let reader = try FolderReader(try root.openFolder(Bytes(".".utf8)))
        while let name = try reader.next() {
            found[String(decoding: name, as: UTF8.self)] = try reader.status(of: name).kind
        }
        #expect(found["file"] == .file)
        #expect(found["inner"] == .folder)
        #expect(found["in"] == .other)
        #expect(found["pipe"] == .other)
        #expect(found.count == 8)
    }

    private static func code(_ body: () throws -> Void) -> Int32? {
        do {
            try body()
            return nil
        } catch {
            return (error as? SystemError)?.code
        }
    }
}
