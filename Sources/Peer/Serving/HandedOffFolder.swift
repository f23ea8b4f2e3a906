internal import Glibc
package import P2PProtocol
package import P2PRuntime

/// Where files go that belong to somebody else now: `handed-off/` in the state folder. Nothing in it is ever deleted.
///
/// A marker in `handed-off/.roots` is made before the first file of a content moves, so that a taker who did not hear
/// the answer can ask again, after a crash in between too.
package struct HandedOffFolder: Sendable {
    private static let folder = Bytes(ascii: "handed-off")
    /// Within a share on another file system, where the state folder cannot be moved to. Hidden, so it is not shared.
    private static let folderInShare = Bytes(ascii: ".handed-off")
    private static let markers = Bytes(ascii: "handed-off/.roots")
    /// Files of the same name that are kept apart.
    private static let namesakes = 10_000

    private let state: Bytes

    /// With the state folder, which is there when the first file is handed off.
    package init(in state: Bytes) {
        self.state = state
    }

    /// Whether a content was handed off from here. Touches the disk.
    package func remembers(_ root: Digest) -> Bool {
        (try? RootedFolder(state).status(Self.marker(of: root))) != nil
    }

    /// Moves every file with that content out of the share; false when some of them cannot be reached now. Touches
    /// the disk.
    package func take(_ root: Digest, from library: Library) throws(SystemError) -> Bool {
        let state = try RootedFolder(state)
        try remember(root, in: state)
        for entry in library.entries(of: root) {
            do throws(SystemError) {
                try take(entry, from: library, into: state)
            } catch {
                guard error.meansMissing || error.meansForbidden else { throw error }
                library.dropUnreadable(entry, error)
            }
        }
        return library.entries(of: root).isEmpty
    }

    private func remember(_ root: Digest, in state: RootedFolder) throws(SystemError) {
        try state.makeFolders(Self.markers)
        do throws(SystemError) {
            _ = try state.createFile(Self.marker(of: root), mode: 0o600)
        } catch {
            guard error.code == EEXIST else { throw error }
        }
        try state.syncFolder(Self.markers)
    }

    private func take(_ entry: LibraryEntry, from library: Library, into state: RootedFolder) throws(SystemError) {
        let folder = library.folders[entry.folder]
        guard let relative = folder.relativePath(of: entry.name) else { return }
        let share = try folder.open()
        // A file that was written to since is another content, and nobody has asked for that.
        guard try share.status(relative).identity == entry.identity else {
            _ = library.refresh(entry)
            return
        }
        let name = LocalName(lastComponentOf: entry.name)
        do throws(SystemError) {
            try move(relative, of: share, as: name, to: Self.folder, of: state)
        } catch {
            guard error.call == "rename", error.code == EXDEV else { throw error }
            try share.makeFolders(Self.folderInShare)
            try move(relative, of: share, as: name, to: Self.folderInShare, of: share)
        }
        library.remove(entry)
    }

    /// Moves a file under the first name that is free.
    private func move(
        _ relative: Bytes, of share: RootedFolder, as name: LocalName, to folder: Bytes, of target: RootedFolder
    ) throws(SystemError) {
        var number = 1
        while true {
            let free = number == 1 ? name : name.numbered(number)
            do throws(SystemError) {
                try share.renameWithoutReplacing(relative, to: Path.join(folder, free.bytes), in: target)
                break
            } catch {
                guard error.code == EEXIST, number < Self.namesakes else { throw error }
                number += 1
            }
        }
        try target.syncFolder(folder)
        try share.syncFolder(Path.parent(of: relative))
    }

    private static func marker(of root: Digest) -> Bytes {
        Path.join(markers, root.hex)
    }
}
