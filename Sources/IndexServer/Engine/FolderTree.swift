internal import P2PProtocol

/// The folders of one peer's list: what is in each, and the sum of their sizes. Names stay in the catalog; a folder is
/// known by one title in it and the length of its path.
struct FolderTree: Sendable {
    typealias FolderID = UInt32

    struct Folder: Sendable {
        /// A title in the folder, or below it.
        let sample: TitleID
        /// Bytes of the path, the last slash included; 0 for the top.
        let pathBytes: UInt16
        let parent: FolderID
        /// The next folder of the same parent.
        let next: FolderID
        fileprivate(set) var firstFolder: FolderID = .none
        fileprivate(set) var firstFile: UInt32 = .none
        /// Files and folders in it.
        fileprivate(set) var lines: UInt32 = 0
        /// Bytes of all files in it and below.
        fileprivate(set) var size = 0
    }

    private struct File: Sendable {
        let title: TitleID
        let next: UInt32
    }

    static let top: FolderID = 0

    private(set) var folders = [
        Folder(sample: .none, pathBytes: 0, parent: .none, next: .none)
    ]
    private var files: [File] = []
    private var byPath: [Int: FolderID] = [:]

    subscript(_ folder: FolderID) -> Folder { folders[Int(folder)] }

    /// Memory that it takes up, more or less.
    var byteCount: Int {
        files.count * MemoryLayout<File>.stride + folders.count * (MemoryLayout<Folder>.stride + 32)
    }

    func file(_ index: UInt32) -> (title: TitleID, next: UInt32) {
        (files[Int(index)].title, files[Int(index)].next)
    }

    /// The folder with this path, its slash included. `holds` says whether a folder's path is this one.
    func find(_ path: Span<UInt8>, _ holds: (Folder) -> Bool) -> FolderID? {
        guard !path.isEmpty else { return Self.top }
        var key = Self.hash(path)
        while let folder = byPath[key] {
            if Int(folders[Int(folder)].pathBytes) == path.count, holds(folders[Int(folder)]) { return folder }
            key &+= 1
        }
        return nil
    }

    /// A new folder, in one that is there.
    mutating func add(_ path: Span<UInt8>, in parent: FolderID, sample: TitleID) -> FolderID {
        let folder = FolderID(folders.count)
        folders.append(
            Folder(
                sample: sample, pathBytes: UInt16(clamping: path.count), parent: parent,
                next: folders[Int(parent)].firstFolder))
        folders[Int(parent)].firstFolder = folder
        folders[Int(parent)].lines += 1
        var key = Self.hash(path)
        while byPath[key] != nil { key &+= 1 }
        byPath[key] = folder
        return folder
    }

    mutating func add(_ title: TitleID, size: Int, to folder: FolderID) {
        files.append(File(title: title, next: folders[Int(folder)].firstFile))
        folders[Int(folder)].firstFile = UInt32(files.count - 1)
        folders[Int(folder)].lines += 1
        folders[Int(folder)].add(size)
    }

    /// Adds up what is below each folder: to be called once, in the end. Folders stand behind their parents.
    mutating func sum() {
        for folder in folders.indices.dropFirst().reversed() {
            folders[Int(folders[folder].parent)].add(folders[folder].size)
        }
    }

    private static func hash(_ path: Span<UInt8>) -> Int {
        var hasher = Hasher()
        path.withUnsafeBufferPointer { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        return hasher.finalize()
    }
}

extension FolderTree.Folder {
    fileprivate mutating func add(_ more: Int) {
        let sum = size.addingReportingOverflow(more)
        size = sum.overflow ? .max : sum.partialValue
    }
}
