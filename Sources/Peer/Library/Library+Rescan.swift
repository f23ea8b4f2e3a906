internal import P2PProtocol
package import P2PRuntime
internal import Synchronization

/// What a scan of the library's folders came to.
package struct ScanReport: Sendable {
    /// The files that are shared now.
    package internal(set) var files = 0
    /// What was left out: the first of it, and how many.
    package internal(set) var skipped: [FolderScan.Skipped] = []
    package internal(set) var skippedCount = 0
    /// Folders that could not be read. Those that are missing are offline: nothing of them is listed until they are
    /// back. Of others what was shared stays listed.
    package internal(set) var unavailable: [(folder: SharedFolder, error: SystemError)] = []
}

extension Library {
    /// Reads the folders, or some of them, and lists what is there now, with the roots that the cache knows. Blocks on
    /// the disk: not for a loop's thread. One at a time.
    package func rescan(_ some: [Int]? = nil, knowing cache: HashCache? = nil) -> ScanReport {
        rescan(some, knowing: cache) { _, _ in }
    }

    /// The same; `entering` is called with each folder before it is read.
    func rescan(
        _ some: [Int]?, knowing cache: HashCache?, entering: (SharePath, borrowing Descriptor) -> Void
    ) -> ScanReport {
        var report = ScanReport()
        for index in some ?? sharedIndices {
            // Taken before the walk: what is added meanwhile is not in it, and so cannot be missed by it.
            let before = snapshot().values.filter { $0.folder == index }
            var place = place(ofFolder: index)
            do throws(SystemError) {
                let scan = try scan(index, entering: entering)
                let isShared = place.found(scan.folder, isEmpty: scan.files.isEmpty)
                setPlace(ofFolder: index, place)
                if isShared { list(scan.files, folder: index, knowing: cache) }
                withdraw(before, notIn: scan)
                report.skippedCount += scan.skippedCount
                report.skipped += scan.skipped
            } catch {
                report.unavailable.append((folders[index], error))
                guard error.meansMissing || error.meansForbidden else { continue }
                place.foundNothing()
                setPlace(ofFolder: index, place)
                withdraw(before)
            }
        }
        if some == nil { state.withLock { $0.wasRead = true } }
        report.files = count
        return report
    }

    /// Walks through a folder, or a part of it. What is shared on its own is not listed within another folder again.
    func scan(
        _ index: Int, below path: Bytes = [], entering: (SharePath, borrowing Descriptor) -> Void
    ) throws(SystemError) -> FolderScan {
        let identities = folders.map(\.identity)
        let others = sharedIndices.filter { $0 != index && (identities[$0] != identities[index] || $0 < index) }
        return try scanner.excluding(Set(others.compactMap { identities[$0] })).scan(folders[index], below: path) {
            entering(SharePath(folder: index, path: $0), $1)
        }
    }

    /// The folders at whose place lies something else than when they were last read.
    func replacedFolders() -> [Int] {
        let folders = folders
        return sharedIndices.filter { folders[$0].identity != place(ofFolder: $0).seen }
    }

    /// Looks at one file again, which changed while it was read; nil when it is gone.
    package func refresh(_ entry: LibraryEntry) -> LibraryEntry? {
        guard let relative = folders[entry.folder].relativePath(of: entry.name) else { return nil }
        do throws(SystemError) {
            if let fresh = try add(relative, folder: entry.folder, root: nil) { return fresh }
            remove(entry)
        } catch {
            if error.meansMissing { remove(entry) }
        }
        return nil
    }

    /// Lists files of one folder. Returns those whose root is not known.
    @discardableResult
    func list(_ files: [FolderScan.File], folder: Int, knowing cache: HashCache?) -> [LibraryEntry] {
        var unhashed: [LibraryEntry] = []
        let damaged = state.withLock { $0.damaged }
        // In portions, so that a search of the library never waits for a million files.
        for start in stride(from: 0, to: files.count, by: 1_000) {
            let portion = files[start..<min(start + 1_000, files.count)].filter { !damaged.contains($0.identity) }
            let roots = cache?.rootsNow(of: portion.map(\.identity)) ?? [:]
            unhashed += change { catalogue in
                let news = portion.filter { catalogue.list($0, folder: folder, root: roots[$0.identity]) }
                let listed = portion.compactMap { catalogue.entries[$0.name] }
                return (listed.filter { $0.root == nil && $0.folder == folder }, news.map(\.name))
            }
        }
        return unhashed
    }

    /// Takes entries off the list, if they are still what the caller saw.
    func withdraw(_ entries: [LibraryEntry]) {
        for start in stride(from: 0, to: entries.count, by: 1_000) {
            let portion = entries[start..<min(start + 1_000, entries.count)]
            change { catalogue in ((), portion.filter { catalogue.remove($0) }.map(\.name)) }
        }
    }

    private func withdraw(_ before: [LibraryEntry], notIn scan: FolderScan) {
        let found = Set(scan.files.map(\.name))
        withdraw(
            before.filter { entry in
                guard !found.contains(entry.name) else { return false }
                return !scan.couldNotSee(folders[entry.folder].relativePath(of: entry.name) ?? [])
            })
    }
}
