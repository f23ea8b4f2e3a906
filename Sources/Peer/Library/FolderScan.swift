package import P2PProtocol
package import P2PRuntime

/// What a walk through one shared folder found.
package struct FolderScan: Sendable {
    /// A file that can be shared.
    package struct File: Hashable, Sendable {
        package let name: Name
        package let identity: FileIdentity
    }

    /// Something in the folder that is not shared although its owner may expect it to be.
    package struct Skipped: Equatable, Sendable {
        package enum Reason: Equatable, Sendable {
            /// The path is too long for a name.
            case unnameable
            /// More bytes than a file can have here, most of them holes.
            case tooLarge
            /// Folders are nested too deeply.
            case tooDeep
            /// The same folder was met before: a mount leads back.
            case loop
            case unreadable(SystemError)
        }

        /// Below the shared folder; empty for itself.
        package let path: Bytes
        package let reason: Reason
    }

    /// The folder itself as it was found.
    package let folder: FolderIdentity
    package internal(set) var files: [File] = []
    /// The first of what was skipped, for a message.
    package private(set) var skipped: [Skipped] = []
    package private(set) var skippedCount = 0
    private var unreadable: Set<Bytes> = []

    init(of folder: FolderIdentity) { self.folder = folder }

    mutating func skip(_ path: Bytes, _ reason: Skipped.Reason) {
        skippedCount += 1
        if skipped.count < 100 { skipped.append(Skipped(path: path, reason: reason)) }
        // What is gone by now has no files; what only fails to open may have.
        if case .unreadable(let error) = reason, !error.meansMissing { unreadable.insert(path) }
    }

    /// Whether the walk could not look at a path, or into a folder above it, so that it may well be there.
    func couldNotSee(_ path: Bytes) -> Bool {
        guard !unreadable.isEmpty else { return false }
        let ends = path.indices.filter { path[$0] == UInt8(ascii: "/") } + [path.endIndex]
        return ends.contains { unreadable.contains(Bytes(path[..<$0])) }
    }
}
