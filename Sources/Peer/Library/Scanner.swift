package import P2PProtocol
package import P2PRuntime

/// Walks a shared folder: regular files only, no links, nothing hidden, no unfinished downloads. Folders are kept on
/// a stack of its own, not on the thread's, and each is visited once.
package struct Scanner: Sendable {
    /// Folders within a share that are never shared: where the program keeps its state.
    package let excluded: Set<FolderIdentity>
    private let ignored: [IgnorePattern]
    private let limits: Limits

    package init(
        excluding excluded: Set<FolderIdentity> = [], ignoring ignored: [IgnorePattern] = [],
        limits: Limits = .standard
    ) {
        self.excluded = excluded
        self.ignored = ignored
        self.limits = limits
    }

    /// The same rules, and more folders that are left alone.
    func excluding(_ more: Set<FolderIdentity>) -> Scanner {
        Scanner(excluding: excluded.union(more), ignoring: ignored, limits: limits)
    }

    /// Everything in the folder that can be shared, or below `path` in it. `entering` is called with each folder
    /// before it is read, so that what comes into it later can be heard of. Throws only when the first folder cannot
    /// be read.
    package func scan(
        _ folder: SharedFolder, below path: Bytes = [], entering: (Bytes, borrowing Descriptor) -> Void = { _, _ in }
    ) throws(SystemError) -> FolderScan {
        let root = try folder.open()
        let scan = FolderScan(of: try root.status([dot]).folder)
        var walk = Walk(folder: folder, root: root, scanner: self, scan: scan)
        try walk.visit(path, entering)
        while let next = walk.pending.popLast() {
            do throws(SystemError) {
                try walk.visit(next, entering)
            } catch {
                walk.scan.skip(next, .unreadable(error))
            }
        }
        return walk.scan
    }

    /// Whether something of that name is looked at at all, whatever it is.
    package func notices(_ component: Bytes) -> Bool {
        component.first != dot
    }

    /// What is done with something that was found at a path in a folder.
    func judge(_ path: Bytes, _ status: FileStatus, in folder: SharedFolder) -> Verdict {
        switch status.kind {
        case .other: return .none
        case .file where isUnfinished(path): return .none
        case .file, .folder: break
        }
        guard !ignored.contains(where: { $0.matches(path) }) else { return .none }
        guard let name = folder.name(of: path) else { return .skip(.unnameable) }
        guard status.kind == .file else {
            return Self.depth(of: path) > limits.folderDepth ? .skip(.tooDeep) : .enter
        }
        guard status.identity.size <= limits.sharedFileBytes else { return .skip(.tooLarge) }
        return .share(FolderScan.File(name: name, identity: status.identity))
    }

    /// What becomes of something in a shared folder.
    enum Verdict {
        case share(FolderScan.File)
        case enter
        case skip(FolderScan.Skipped.Reason)
        /// Nobody would expect it to be shared.
        case none
    }

    /// How many folders a path goes down.
    private static func depth(of path: Bytes) -> Int {
        path.isEmpty ? 0 : path.count { $0 == UInt8(ascii: "/") } + 1
    }
}

/// A walk in progress.
private struct Walk {
    let folder: SharedFolder
    let root: RootedFolder
    let scanner: Scanner
    var scan: FolderScan
    var pending: [Bytes] = []
    private var visited: Set<FolderIdentity> = []

    init(folder: SharedFolder, root: RootedFolder, scanner: Scanner, scan: FolderScan) {
        self.folder = folder
        self.root = root
        self.scanner = scanner
        self.scan = scan
    }

    mutating func visit(_ place: Bytes, _ entering: (Bytes, borrowing Descriptor) -> Void) throws(SystemError) {
        let opened = try root.openFolder(place.isEmpty ? [dot] : place)
        let identity = try opened.status().folder
        guard !scanner.excluded.contains(identity) else { return }
        guard visited.insert(identity).inserted else { return scan.skip(place, .loop) }
        entering(place, opened)
        let reader = try FolderReader(opened)
        while let name = try reader.next() {
            guard scanner.notices(name) else { continue }
            let path = place.isEmpty ? name : Path.join(place, name)
            do throws(SystemError) {
                take(path, try reader.status(of: name))
            } catch {
                if !error.meansMissing { scan.skip(path, .unreadable(error)) }
            }
        }
    }

    private mutating func take(_ path: Bytes, _ status: FileStatus) {
        switch scanner.judge(path, status, in: folder) {
        case .share(let file): scan.files.append(file)
        case .enter: pending.append(path)
        case .skip(let reason): scan.skip(path, reason)
        case .none: break
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
