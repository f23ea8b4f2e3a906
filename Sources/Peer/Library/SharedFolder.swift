package import P2PProtocol
internal import P2PRuntime

/// A folder that this peer shares, and how the files in it are named.
package struct SharedFolder: Hashable, Sendable {
    /// Where names begin.
    package enum Naming: Sendable {
        /// At the folder: `--dir D`.
        case bare
        /// With the folder's own last component: `--share D`.
        case underOwnName
    }

    /// The folder's path as its owner wrote it.
    package let path: Bytes
    /// What stands before a relative path to make a name: nothing, or a component and a slash.
    private let prefix: Bytes

    package init(_ path: Bytes, naming: Naming) {
        self.path = path
        prefix = naming == .bare ? [] : Self.ownName(of: path)
    }

    /// The name of a file by its path below the folder; nil when that makes none, for being too long.
    package func name(of relative: Bytes) -> Name? {
        Name(validating: prefix + relative)
    }

    /// Where below the folder a name's file lies; nil for a name that is not of this folder.
    package func relativePath(of name: Name) -> Bytes? {
        guard name.bytes.starts(with: prefix) else { return nil }
        return Bytes(name.bytes.dropFirst(prefix.count))
    }

    /// Opens the folder afresh, so that a drive that was not there comes back by itself and can be unmounted.
    func open() throws(SystemError) -> RootedFolder {
        try RootedFolder(path)
    }

    /// Whether a folder can be opened at its path.
    package var isThere: Bool { identity != nil }

    /// Which folder lies at the path now; nil when none can be read there.
    var identity: FolderIdentity? {
        try? open().status(Bytes(ascii: ".")).folder
    }

    private static func ownName(of path: Bytes) -> Bytes {
        let slash = UInt8(ascii: "/")
        var path = path
        // `.` and `music/..` say nothing about what the folder is called.
        if [Bytes(ascii: "."), Bytes(ascii: "..")].contains(lastComponent(of: path)) {
            path = (try? Path.resolved(path)) ?? []
        }
        let own = lastComponent(of: path)
        return own.isEmpty ? [] : own + [slash]
    }

    private static func lastComponent(of path: Bytes) -> Bytes {
        path.split(separator: UInt8(ascii: "/")).last.map { Bytes($0) } ?? []
    }
}
