internal import Glibc
internal import P2PProtocol
internal import P2PRuntime

extension PartFile {
    /// Removes what an attempt has left; false while somebody still works on it. Nothing else has these names. Blocks.
    static func discard(_ root: Digest, in path: Bytes) throws(SystemError) -> Bool {
        let folder = try RootedFolder(path)
        let file = try folder.openFile(name(of: root), for: .readingAndWriting)
        guard flock(file.raw, LOCK_EX | LOCK_NB) == 0 else { return false }
        try folder.removeFile(name(of: root))
        try? folder.removeFile(PartJournal.name(of: root))
        return true
    }
}
