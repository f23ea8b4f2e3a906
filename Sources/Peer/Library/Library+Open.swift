internal import Glibc
package import P2PProtocol
package import P2PRuntime

/// A shared file that is open, and known to be the one that was listed.
package struct OpenedFile: ~Copyable, Sendable {
    package let entry: LibraryEntry
    package let file: Descriptor
}

extension Library {
    /// Opens a file with that content. What is no longer the file that was hashed is taken off the list, and the next
    /// one tried; nil when none is left. Touches the disk.
    package func open(_ root: Digest) -> OpenedFile? {
        for entry in entries(of: root) {
            if let opened = open(entry) { return opened }
        }
        return nil
    }

    /// Opens a listed file; nil when it cannot be had. It is looked up by its name below its folder, never by a path
    /// that somebody sent.
    package func open(_ entry: LibraryEntry) -> OpenedFile? {
        do throws(SystemError) {
            let file = try openUnchecked(entry)
            guard try file.status().identity == entry.identity else {
                _ = refresh(entry)
                return nil
            }
            return OpenedFile(entry: entry, file: file)
        } catch {
            dropUnreadable(entry, error)
            return nil
        }
    }

    /// Takes a file off the list that is gone or may not be read; what may pass by itself leaves it there.
    func dropUnreadable(_ entry: LibraryEntry, _ error: SystemError) {
        if error.meansMissing || error.meansForbidden, isAvailable(entry.folder) { remove(entry) }
    }

    /// Opens the file that has the entry's name now, whatever it has become.
    func openUnchecked(_ entry: LibraryEntry) throws(SystemError) -> Descriptor {
        try openUnchecked(entry, in: folders[entry.folder].open())
    }

    /// The same, below the entry's folder when that is open already.
    func openUnchecked(_ entry: LibraryEntry, in folder: RootedFolder) throws(SystemError) -> Descriptor {
        guard let relative = folders[entry.folder].relativePath(of: entry.name) else {
            throw SystemError("open", ENOENT)
        }
        return try folder.openFile(relative)
    }

    /// Whether the folder is the one that was scanned: when its drive is gone, its files only seem to be.
    func isAvailable(_ folder: Int) -> Bool {
        guard let now = folders[folder].identity else { return false }
        return place(ofFolder: folder).home.map { $0 == now } ?? true
    }
}
