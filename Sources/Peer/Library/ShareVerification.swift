internal import P2PProtocol
package import P2PRuntime

/// Hashes again what was hashed before: a file that claims to be unchanged and has other bytes has rotted on its disk.
package struct ShareVerification: Sendable {
    /// What came of it.
    package struct Verdict: Sendable {
        /// Files whose bytes are what they were.
        package internal(set) var verified = 0
        /// Files that were never hashed as they are now.
        package internal(set) var unknown = 0
        package internal(set) var unreadable = 0
        package internal(set) var damaged: [LibraryEntry] = []
    }

    private let library: Library
    private let cache: HashCache

    /// A library whose folders have been read.
    package init(_ library: Library, cache: HashCache) {
        (self.library, self.cache) = (library, cache)
    }

    /// Reads every file; what is damaged is noted, so that no running peer lists it, and what is mended is listed
    /// again.
    package func run(
        threads: Int, progress: @escaping @Sendable (HashProgress) -> Void = { _ in },
        complain: (SystemError) -> Void = { _ in }
    ) async throws -> Verdict {
        var verdict = Verdict()
        var entries: [Bytes: LibraryEntry] = [:]
        var paths: [Bytes] = []
        for entry in library.list() {
            guard entry.root != nil else {
                verdict.unknown += 1
                continue
            }
            let path = library.path(of: entry)
            entries[path] = entry
            paths.append(path)
        }
        var mended: [FileIdentity] = []
        _ = try await HashCommand.run(
            paths, threads: threads, progress: progress,
            print: { lines in
                for line in lines {
                    guard let (root, path) = HashCommand.parts(of: line), let entry = entries[path] else { continue }
                    if root == entry.root {
                        verdict.verified += 1
                        mended.append(entry.identity)
                    } else if library.isUnchanged(entry) {
                        verdict.damaged.append(entry)
                    } else {
                        verdict.unknown += 1
                    }
                }
            },
            complain: { error in
                verdict.unreadable += 1
                complain(error)
            })
        let known = cache.damagedNow()
        try await cache.note(damaged: verdict.damaged.map(\.identity), mended: mended.filter { known.contains($0) })
        return verdict
    }
}

extension Library {
    /// Whether the file is, by all that the file system says, still the one that was listed.
    fileprivate func isUnchanged(_ entry: LibraryEntry) -> Bool {
        guard let file = try? openUnchecked(entry) else { return false }
        return (try? file.status().identity) == entry.identity
    }
}
