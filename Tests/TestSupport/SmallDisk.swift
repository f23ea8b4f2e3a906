internal import Glibc
internal import P2PProtocol

/// A file system of its own that is soon full. Only root can have one.
package final class SmallDisk {
    private let scratch: ScratchFolder
    /// Where it is mounted.
    package let path: String

    /// Whether this process may mount one.
    package static let isPossible = (try? SmallDisk(mebibytes: 1)) != nil

    package init(mebibytes: Int) throws {
        scratch = try ScratchFolder()
        path = scratch.folder("disk")
        guard mount("none", path, "tmpfs", 0, "size=\(mebibytes)m") == 0 else {
            throw TestFailure("mount: \(String(cString: strerror(errno)))")
        }
    }

    deinit {
        // Whoever still has a file open there keeps it until he has closed it.
        umount2(path, Int32(MNT_DETACH))
    }

    /// Writes a file until not a byte more fits.
    package func fill(_ name: String) throws {
        let descriptor = open("\(path)/\(name)", O_WRONLY | O_CREAT | O_APPEND, 0o644)
        guard descriptor >= 0 else { throw TestFailure("open: \(errno)") }
        defer { close(descriptor) }
        let block = Bytes(repeating: 1, count: 4_096)
        while write(descriptor, block, block.count) > 0 {}
    }

    package func remove(_ name: String) { unlink("\(path)/\(name)") }
}
