package import P2PProtocol
package import P2PRuntime

/// Walks a shared folder: regular files only, no links, nothing hidden, no unfinished downloads. Folders are kept on
/// a stack of its own, not on the thread's, and each is visited once.
package struct Scanner: Sendable {
    /// Folders within a share that are never shared: where the program keeps its state.
    package let excluded: Set<FolderIdentity>
    private let limits: Limits

    package init(excluding excluded: Set<FolderIdentity> = [], limits: Limits = .standard) {
        self.excluded = excluded
        self.limits = limits
    }

    /// Everything in the folder that can be shared. Throws only when the folder itself cannot be read.
    package func scan(_ folder: SharedFolder) throws(SystemError) -> FolderScan {
        let root = try folder.open()
        let scan = FolderScan(of: try root.status([dot]).folder)
        var walk = Walk(folder: folder, root: root, limits: limits, scan: scan)
        try walk.visit(Pending(path: [], depth: 0), excluding: excluded)
        while let next = walk.pending.popLast() {
            do throws(SystemError) {
                try walk.visit(next, excluding: excluded)
            } catch {
                walk.scan.skip(next.path, .unreadable(error))
            }
        }
        return walk.scan
    }
}

/// A folder that was seen and not yet read.
private struct Pending {
    /// Below the shared folder; empty for itself.
    let path: Bytes
    let depth: Int
}

/// A walk in progress.
private struct Walk {
    let folder: SharedFolder
    let root: RootedFolder
    let limits: Limits
    var scan: FolderScan
    var pending: [Pending] = []
    private var visited: Set<FolderIdentity> = []

    init(folder: SharedFolder, root: RootedFolder, limits: Limits, scan: FolderScan) {
        self.folder = folder
        self.root = root
        self.limits = limits
        self.scan = scan
    }

    mutating func visit(_ place: Pending, excluding excluded: Set<FolderIdentity>) throws(SystemError) {
        let opened = try root.openFolder(place.path.isEmpty ? [dot] : place.path)
        let identity = try opened.status().folder
        guard !excluded.contains(identity) else { return }
        guard visited.insert(identity).inserted else { return scan.skip(place.path, .loop) }
        let reader = try FolderReader(opened)
        while let name = try reader.next() {
            guard name.first != dot else { continue }
            let path = place.path.isEmpty ? name : Path.join(place.path, name)
            do throws(SystemError) {
                take(path, try reader.status(of: name), depth: place.depth)
            } catch {
                if !error.meansMissing { scan.skip(path, .unreadable(error)) }
            }
        }
    }

    private mutating func take(_ path: Bytes, _ status: FileStatus, depth: Int) {
        guard status.kind != .other, !(status.kind == .file && isUnfinished(path)) else { return }
        guard let name = folder.name(of: path) else { return scan.skip(path, .unnameable) }
        switch status.kind {
        case .file where status.identity.size > limits.sharedFileBytes: scan.skip(path, .tooLarge)
        case .file: scan.files.append(FolderScan.File(name: name, identity: status.identity))
        case .folder where depth >= limits.folderDepth: scan.skip(path, .tooDeep)
        case .folder: pending.append(Pending(path: path, depth: depth + 1))
        case .other: break
        }
    }
}

private let dot = UInt8(ascii: ".")
/// Downloads under way, and what is noted about them.
private func isUnfinished(_ path: Bytes) -> Bool {
    path.ends(with: partSuffix) || PartJournal.isName(Path.lastComponent(of: path))
}

private let partSuffix = Bytes(ascii: ".part")

extension Bytes {
    fileprivate func ends(with suffix: Bytes) -> Bool {
        count >= suffix.count && self[(count - suffix.count)...].elementsEqual(suffix)
    }
}
