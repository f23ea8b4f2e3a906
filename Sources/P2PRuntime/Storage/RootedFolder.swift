internal import CLinux
internal import Glibc
package import P2PProtocol

/// What a file is opened for.
package enum FileAccess: Sendable {
    case reading, readingAndWriting
}

/// A folder below which files are opened, made and renamed, and never beside it: no `..`, no symbolic link and no
/// mounted `/proc` leads out. Relative paths are looked up afresh in the kernel each time, so that nothing planted
/// meanwhile is followed either.
package final class RootedFolder: Sendable {
    /// The folder's path as its owner wrote it.
    package let path: Bytes
    private let root: Descriptor

    /// Opens an existing folder. Links in this path are followed: the owner chose it.
    package init(_ path: Bytes) throws(SystemError) {
        self.path = path
        root = try Descriptor.open(path, O_RDONLY | O_DIRECTORY)
    }

    /// Opens a file that exists; what is not a regular file is refused.
    package func openFile(_ relative: Bytes, for access: FileAccess = .reading) throws(SystemError) -> Descriptor {
        let file = try open(relative, access == .reading ? O_RDONLY : O_RDWR)
        guard try file.status().kind == .file else { throw SystemError("open", EINVAL, on: Path.display(relative)) }
        return file
    }

    /// Makes a file that did not exist, for reading and writing.
    package func createFile(_ relative: Bytes, mode: UInt32 = 0o644) throws(SystemError) -> Descriptor {
        try open(relative, O_RDWR | O_CREAT | O_EXCL, mode: mode)
    }

    /// Makes the folder of a path that its owner wrote, and those above it, as far as they are missing; `mode` is for
    /// the last one.
    package static func makeFolders(_ path: Bytes, mode: UInt32 = 0o755) throws(SystemError) {
        var end = 0
        for component in path.split(separator: UInt8(ascii: "/")) {
            end = component.endIndex
            let isLast = !path[end...].contains { $0 != UInt8(ascii: "/") }
            let name = try Path.terminated(Bytes(path[..<end]))
            guard mkdir(name, isLast ? mode : 0o755) != 0, errno != EEXIST else { continue }
            throw SystemError("mkdir", errno, on: Path.display(path))
        }
    }

    /// Makes a folder and those above it, as far as they are missing.
    package func makeFolders(_ relative: Bytes) throws(SystemError) {
        var end = 0
        for component in relative.split(separator: UInt8(ascii: "/")) {
            end = component.endIndex
            let parent = try openParent(of: Bytes(relative[..<end]))
            let name = try Path.terminated(Bytes(component))
            guard mkdirat(parent.raw, name, 0o755) != 0, errno != EEXIST else { continue }
            throw SystemError("mkdir", errno, on: Path.display(relative))
        }
        _ = try openFolder(relative)
    }

    /// Moves a file; fails with EEXIST when the new name is taken.
    package func renameWithoutReplacing(_ from: Bytes, to: Bytes) throws(SystemError) {
        try renameWithoutReplacing(from, to: to, in: self)
    }

    /// Moves a file into another folder of the same file system; fails with EEXIST when the new name is taken.
    package func renameWithoutReplacing(_ from: Bytes, to: Bytes, in target: RootedFolder) throws(SystemError) {
        let source = try openParent(of: from)
        let destination = try target.openParent(of: to)
        let old = try Path.terminated(Path.lastComponent(of: from))
        let new = try Path.terminated(Path.lastComponent(of: to))
        let (oldFolder, newFolder) = (source.raw, destination.raw)
        try SystemCall.require("rename", on: Path.display(to)) {
            clinux_rename_noreplace(oldFolder, old, newFolder, new)
        }
    }

    /// Removes a file's name.
    package func removeFile(_ relative: Bytes) throws(SystemError) {
        let parent = try openParent(of: relative)
        let name = try Path.terminated(Path.lastComponent(of: relative))
        let number = parent.raw
        try SystemCall.require("unlink", on: Path.display(relative)) { unlinkat(number, name, 0) }
    }

    /// What stands at a path, without opening it: neither a pipe nor a device notices.
    package func status(_ relative: Bytes) throws(SystemError) -> FileStatus {
        let place = try open(relative, CLINUX_O_PATH)
        return try place.status()
    }

    /// Makes what happened to the names of one of its folders durable.
    package func syncFolder(_ relative: Bytes = Bytes(ascii: ".")) throws(SystemError) {
        let folder = try openFolder(relative)
        try folder.sync()
    }

    /// Everything that was written to its file system before is on the disk: of many small files at once.
    package func syncFileSystem() throws(SystemError) {
        let number = root.raw
        try SystemCall.require("syncfs", on: Path.display(path)) { clinux_syncfs(number) }
    }

    /// What its file system has free for us.
    package func room() throws(SystemError) -> DiskRoom {
        var status = statvfs()
        let number = root.raw
        try SystemCall.require("statvfs", on: Path.display(path)) { fstatvfs(number, &status) }
        return DiskRoom(status)
    }

    /// A folder of it, or itself as `.`, for reading its entries.
    package func openFolder(_ relative: Bytes) throws(SystemError) -> Descriptor {
        try open(relative, O_RDONLY | O_DIRECTORY)
    }

    private func openParent(of relative: Bytes) throws(SystemError) -> Descriptor {
        try open(Path.parent(of: relative), CLINUX_O_PATH | O_DIRECTORY)
    }

    private func open(_ relative: Bytes, _ access: Int32, mode: UInt32 = 0) throws(SystemError) -> Descriptor {
        let terminated = try Path.terminated(relative)
        // The kernel refuses flags that mean nothing together with O_PATH.
        let manners = access & CLINUX_O_PATH == 0 ? O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY : O_CLOEXEC
        let beneath = CLINUX_RESOLVE_BENEATH | CLINUX_RESOLVE_NO_SYMLINKS | CLINUX_RESOLVE_NO_MAGICLINKS
        let number = try SystemCall.require("open", on: Path.display(relative)) {
            clinux_openat2(root.raw, terminated, UInt64(access | manners), UInt64(mode), UInt64(beneath))
        }
        return Descriptor(owning: number)
    }
}
