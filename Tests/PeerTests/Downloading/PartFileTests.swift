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
}
