internal import Glibc

/// Which file this is and that it has not changed since: what a hash is kept under.
package struct FileIdentity: Hashable, Sendable {
    package let device: UInt64
    package let inode: UInt64
    package let size: Int
    /// Nanoseconds since 1970, wrapped for dates that do not fit: it is compared, never computed with.
    package let modified: Int

    package init(device: UInt64, inode: UInt64, size: Int, modified: Int) {
        self.device = device
        self.inode = inode
        self.size = size
        self.modified = modified
    }
}

/// Which folder this is, whatever path leads to it.
package struct FolderIdentity: Hashable, Sendable {
    package let device: UInt64
    package let inode: UInt64
}

/// What the kernel says of something that has a path.
package struct FileStatus: Hashable, Sendable {
    /// What it is; links, pipes, sockets and devices are `other`, and nothing is done with them.
    package enum Kind: Sendable {
        case file, folder, other
    }

    package let kind: Kind
    package let identity: FileIdentity

    package var folder: FolderIdentity { FolderIdentity(device: identity.device, inode: identity.inode) }

    init(_ raw: stat) {
        kind =
            switch raw.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .folder
            default: .other
            }
        identity = FileIdentity(
            device: UInt64(raw.st_dev), inode: UInt64(raw.st_ino), size: Int(raw.st_size),
            modified: Int(raw.st_mtim.tv_sec) &* 1_000_000_000 &+ Int(raw.st_mtim.tv_nsec))
    }
}
