internal import Glibc
package import P2PProtocol

/// A file system of its own that is soon full. Only root can have one.
package final class SmallDisk {
    private let scratch: ScratchFolder
    /// Where it is mounted.
    package let path: String

    /// Whether this process may mount one.
    package static let isPossible = (try? SmallDisk(mebibytes: 1)) != nil

    /// With room for so many bytes, and so many files if that is said.
    package init(mebibytes: Int, files: Int? = nil) throws {
        scratch = try ScratchFolder()
        path = scratch.folder("disk")
        guard mount("none", path, "tmpfs", 0, "size=\(mebibytes)m" + (files.map { ",nr_inodes=\($0)" } ?? "")) == 0
        else {
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
        while Glibc.write(descriptor, block, block.count) > 0 {}
    }

    /// Puts a file there.
    package func write(_ name: String, _ content: Bytes) throws {
        let descriptor = open("\(path)/\(name)", O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        guard descriptor >= 0 else { throw TestFailure("open: \(errno)") }
        defer { close(descriptor) }
        guard Glibc.write(descriptor, content, content.count) == content.count else {
            throw TestFailure("write: \(errno)")
        }
    }

    package func remove(_ name: String) { unlink("\(path)/\(name)") }
}
