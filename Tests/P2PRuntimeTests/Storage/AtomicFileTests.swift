import Glibc
import P2PProtocol
import P2PRuntime
import TestSupport
import Testing

@Suite struct AtomicFileTests {
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    @Test("saves the bytes under the name, with the rights asked for, and leaves nothing else")
    func saves() throws {
        let path = scratch.file("state")
        for content in ["first", "", "a longer third"] {
            try AtomicFile.save(Bytes(content.utf8), to: Bytes(path.utf8), mode: 0o600)
            #expect(ScratchFolder.read(path) == Bytes(content.utf8))
        }
        #expect(ScratchFolder.list(scratch.path) == ["state"])
        var status = stat()
        #expect(stat(path, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
    }

    @Test("a reader never sees half a file: the old one keeps its own bytes")
    func replaces() throws {
        let path = scratch.file("state")
        try AtomicFile.save(Bytes("old".utf8), to: Bytes(path.utf8))
        let reader = try Descriptor.openFile(Bytes(path.utf8))
        try AtomicFile.save(Bytes("new".utf8), to: Bytes(path.utf8))
        var buffer = Bytes(repeating: 0, count: 3)
        _ = try buffer.withUnsafeMutableBytes { try reader.read(into: $0, at: 0) }
        #expect(buffer == Bytes("old".utf8))
    }

    @Test("a save that fails leaves the old file and no draft")
    func fails() throws {
        scratch.folder("folder/full")
        try scratch.write("folder/full/x", [])
        #expect(throws: SystemError.self) {
            try AtomicFile.save([1], to: Bytes(scratch.file("folder/full").utf8))
        }
        #expect(throws: SystemError.self) { try AtomicFile.save([1], to: Bytes(scratch.file("none/x").utf8)) }
        #expect(ScratchFolder.list(scratch.file("folder")) == ["full"])
    }
}
