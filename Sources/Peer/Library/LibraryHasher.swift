package import P2PProtocol
package import P2PRuntime
internal import Synchronization

/// Finds the roots of a library's files: from the cache, or by hashing them on threads of its own.
package final class LibraryHasher: Sendable {
    /// What a run came to.
    package struct Report: Sendable {
        /// Files whose root was known already.
        package internal(set) var cached = 0
        package internal(set) var hashed = 0
        /// Files that were written to while they were read, each time: they stay without root until the next run.
        package internal(set) var restless: [Name] = []
        package internal(set) var failed: [(name: Name, error: SystemError)] = []
        /// Why the cache could not be used; the roots are right all the same.
        package internal(set) var cacheFailure: (any Error)?

        fileprivate mutating func add(_ other: Report) {
            cached += other.cached
            hashed += other.hashed
            restless += other.restless
            failed += other.failed
            cacheFailure = cacheFailure ?? other.cacheFailure
        }
    }

    /// What became of one file.
    private struct Attempt: Sendable {
        let entry: LibraryEntry
        let outcome: Result<FileHasher.Outcome, SystemError>
    }

    private let library: Library
    private let cache: HashCache
    private let threads: Int
    private let pool: WorkerPool
    private let inHand = Mutex(HashClaims())

    package init(_ library: Library, cache: HashCache, threads: Int) {
        self.library = library
        self.cache = cache
        self.threads = max(1, threads)
        pool = WorkerPool(name: "hash", threads: threads)
    }

    deinit {
        pool.close()
    }

    /// Works until every file, or each of those, has a root, as far as that can be; a cancelled task stops within a
    /// MiB a thread. A file that another run has in hand is left to it. `progress` is called from the hashing threads,
    /// often.
    package func run(
        _ some: [LibraryEntry]? = nil, progress: @escaping @Sendable (HashProgress) -> Void = { _ in }
    ) async throws -> Report {
        let files = inHand.withLock { $0.claim(some ?? library.unhashed()) }
        var report = Report()
        do {
            try await work(files, &report, progress)
        } catch {
            inHand.withLock { _ = $0.release(files) }
            throw error
        }
        // They were renamed meanwhile, perhaps: the cache has their roots by now.
        let postponed = inHand.withLock { $0.release(files) }
        guard !postponed.isEmpty else { return report }
        let rest = try await run(postponed.compactMap { library.entry(named: $0.name) }.filter { $0.root == nil })
        report.add(rest)
        return report
    }

    private func work(
        _ files: [LibraryEntry], _ report: inout Report, _ progress: @escaping @Sendable (HashProgress) -> Void
    ) async throws {
        var files = await takeFromCache(files, &report)
        // A file that changed under our hands is looked at once more; one that does so again is left for later.
        for _ in 0..<2 where !files.isEmpty {
            let changed = try await hash(files, &report, progress)
            files = changed.compactMap { library.refresh($0) }.filter { $0.root == nil }
        }
        report.restless = files.map(\.name)
    }

    private func takeFromCache(_ files: [LibraryEntry], _ report: inout Report) async -> [LibraryEntry] {
        var missing: [LibraryEntry] = []
        for start in stride(from: 0, to: files.count, by: 1_000) {
            let portion = files[start..<min(start + 1_000, files.count)]
            var roots: [FileIdentity: Digest] = [:]
            do { roots = try await cache.roots(of: portion.map(\.identity)) } catch { report.cacheFailure = error }
            for entry in portion {
                guard let root = roots[entry.identity] else {
                    missing.append(entry)
                    continue
                }
                library.setRoot(root, of: entry.name, identity: entry.identity)
                report.cached += 1
            }
        }
        return missing
    }

    /// Hashes files on all threads at once; returns those that changed meanwhile.
    private func hash(
        _ files: [LibraryEntry], _ report: inout Report, _ progress: @escaping @Sendable (HashProgress) -> Void
    ) async throws -> [LibraryEntry] {
        let totalBytes = files.reduce(0) { $0 &+ $1.size }
        let meter = HashMeter(totalFiles: files.count, totalBytes: totalBytes, report: progress)
        var changed: [LibraryEntry] = []
        try await withTaskCancellationHandler {
            try await withThrowingTaskGroup(of: [Attempt].self) { group in
                var waiting = HashPortion.split(files)[...]
                // One portion more than there are threads, so that none of them waits for us.
                for portion in waiting.prefix(threads + 1) { add(portion, to: &group, meter) }
                waiting = waiting.dropFirst(threads + 1)
                while let results = try await group.next() {
                    if let portion = waiting.popFirst(), meter.goesOn { add(portion, to: &group, meter) }
                    changed += await settle(results, &report)
                }
            }
        } onCancel: {
            meter.stop()
        }
        try Task.checkCancellation()
        return changed
    }

    private func add(
        _ portion: [LibraryEntry], to group: inout ThrowingTaskGroup<[Attempt], any Error>, _ meter: HashMeter
    ) {
        group.addTask { [self] in
            if let only = portion.first, portion.count == 1, only.size >= LargeFile.bytes {
                return [await hashLarge(only, meter)]
            }
            return try await pool.run { self.hash(portion, meter) }
        }
    }

    private func hash(_ portion: [LibraryEntry], _ meter: HashMeter) -> [Attempt] {
        let hasher = FileHasher()
        var folders: [Int: RootedFolder] = [:]
        return portion.map { entry in
            defer { meter.finishFile() }
            guard meter.goesOn else { return Attempt(entry: entry, outcome: .success(.cancelled)) }
            do throws(SystemError) {
                let folder: RootedFolder
                if let open = folders[entry.folder] {
                    folder = open
                } else {
                    folder = try library.folders[entry.folder].open()
                }
                folders[entry.folder] = folder
                let file = try library.openUnchecked(entry, in: folder)
                return Attempt(entry: entry, outcome: .success(try hasher.hash(file, advanced: meter.advance)))
            } catch {
                return Attempt(entry: entry, outcome: .failure(error))
            }
        }
    }

    private func hashLarge(_ entry: LibraryEntry, _ meter: HashMeter) async -> Attempt {
        defer { meter.finishFile() }
        guard meter.goesOn else { return Attempt(entry: entry, outcome: .success(.cancelled)) }
        do {
            let file = try await pool.run { [library] in LargeFile(file: OpenFile(try library.openUnchecked(entry))) }
            let outcome = try await file.hash(on: pool, threads: threads, advanced: meter.advance)
            return Attempt(entry: entry, outcome: .success(outcome))
        } catch let error as SystemError {
            return Attempt(entry: entry, outcome: .failure(error))
        } catch {
            // The pool is closed, or has too much to do: the next run will have it.
            return Attempt(entry: entry, outcome: .success(.cancelled))
        }
    }

    /// Gives the library its roots and the cache what it keeps; returns the files that changed.
    private func settle(_ results: [Attempt], _ report: inout Report) async -> [LibraryEntry] {
        var fresh: [HashedFile] = []
        var changed: [LibraryEntry] = []
        for result in results {
            switch result.outcome {
            case .success(.hashed(let file)):
                fresh.append(file)
                if library.setRoot(file.root, of: result.entry.name, identity: file.identity) {
                    report.hashed += 1
                } else {
                    changed.append(result.entry)
                }
            case .success(.changed): changed.append(result.entry)
            case .success(.cancelled): break
            case .failure(let error):
                report.failed.append((result.entry.name, error))
                library.dropUnreadable(result.entry, error)
            }
        }
        do { try await cache.keep(fresh) } catch { report.cacheFailure = error }
        return changed
    }
}
