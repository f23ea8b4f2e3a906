internal import P2PProtocol
package import P2PRuntime

/// What a scan of the whole library came to.
package struct ScanReport: Sendable {
    /// The files that are shared now.
    package internal(set) var files = 0
    /// What was left out: the first of it, and how many.
    package internal(set) var skipped: [FolderScan.Skipped] = []
    package internal(set) var skippedCount = 0
    /// Folders that could not be read; what was shared from them stays listed until they can.
    package internal(set) var unavailable: [(folder: SharedFolder, error: SystemError)] = []
}

extension Library {
    /// Reads the folders and lists what is there now. Blocks on the disk: not for a loop's thread. One at a time.
    package func rescan() -> ScanReport {
        var report = ScanReport()
        for index in folders.indices {
            // Taken before the walk: what is added meanwhile is not in it, and so cannot be missed by it.
            let before = snapshot().values.filter { $0.folder == index }
            do throws(SystemError) {
                let scan = try scan(index)
                apply(scan, to: index, before: before)
                report.skippedCount += scan.skippedCount
                report.skipped += scan.skipped
            } catch {
                report.unavailable.append((folders[index], error))
            }
        }
        report.files = count
        return report
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

    private func apply(_ scan: FolderScan, to index: Int, before: [LibraryEntry]) {
        setRoot(ofFolder: index, scan.folder)
        // In portions, so that a search of the library never waits for a million files.
        for start in stride(from: 0, to: scan.files.count, by: 1_000) {
            let portion = scan.files[start..<min(start + 1_000, scan.files.count)]
            change { catalogue in
                ((), portion.filter { catalogue.list($0, folder: index) }.map(\.name))
            }
        }
        let found = Set(scan.files.map(\.name))
        for entry in before where !found.contains(entry.name) {
            let path = folders[index].relativePath(of: entry.name) ?? []
            if !scan.couldNotSee(path) { remove(entry) }
        }
    }
}
