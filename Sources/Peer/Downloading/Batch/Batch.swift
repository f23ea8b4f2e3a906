package import P2PProtocol
package import P2PRuntime
internal import Synchronization

/// Fetches many contents of at most one piece: each whole in one answer, many answers one after another on each of a
/// few kept connections, and many files brought to the disk and told at a time.
package struct Batch: Sendable {
    /// The most bytes that a content may have to go along.
    package static let largest = PieceGeometry.pieceBytes

    /// One of the contents.
    package struct Request: Sendable {
        package let root: Digest
        package let size: Int
        /// Where the file goes, below the folder; already safe.
        package let localName: Bytes
        /// Who has it.
        package let sources: [DownloadSource]

        package init(root: Digest, size: Int, localName: Bytes, sources: [DownloadSource]) {
            (self.root, self.size, self.localName, self.sources) = (root, size, localName, sources)
        }

        /// Whether these bytes are the content.
        func isRight(_ bytes: Bytes) -> Bool {
            bytes.count == size && bytes.withUnsafeBytes { PieceHasher.root(of: $0, isOnlyPiece: true) } == root
        }
    }

    /// A file that is there, under its name, and on the disk.
    package struct File: Sendable {
        /// Below the folder.
        package let path: Bytes
        package let identity: FileIdentity
    }

    /// A file that has come, and who gave it; nil when it lay there already.
    package struct Arrival: Sendable {
        package let item: Int
        package let giver: DownloadSource?
        package let file: Result<File, DownloadFailure>
    }

    /// How it is done.
    package struct Manner: Sendable {
        /// Connections in all, connections to one source, and requests without answer on each.
        let lanes: Int
        let lanesPerSource: Int
        let depth: Int

        /// Several at a time.
        package static let parallel = Manner(lanes: 16, lanesPerSource: 4, depth: 16)
        /// For one of several batches of a queue.
        package static let queued = Manner(lanes: 8, lanesPerSource: 4, depth: 16)
        /// One after another, over one connection.
        package static let serial = Manner(lanes: 1, lanesPerSource: 1, depth: 1)
    }

    let requests: [Request]
    let folder: BatchFolder
    let manner: Manner
    /// Threads for hashing and for the disk.
    let disk: WorkerPool
    /// Counts the bytes that come.
    let received: Counter?
    let pace: DownloadPace?
    let withdrawals: BatchWithdrawals?
    /// Where sources want to see passes.
    let passes: SourcePasses?
    let report: @Sendable (BatchProgress) -> Void

    package init(
        _ requests: [Request], into folder: RootedFolder, _ manner: Manner = .parallel, disk: WorkerPool,
        received: Counter? = nil, pace: DownloadPace? = nil, withdrawals: BatchWithdrawals? = nil,
        passes: SourcePasses? = nil,
        report: @escaping @Sendable (BatchProgress) -> Void = { _ in }
    ) {
        (self.requests, self.folder, self.manner) = (requests, BatchFolder(folder: folder), manner)
        (self.disk, self.received, self.pace, self.report) = (disk, received, pace, report)
        (self.withdrawals, self.passes) = (withdrawals, passes)
    }

    /// Runs until every content has come or nobody is left to give it; why, by what was asked for. `arrived` is given
    /// files in groups, after they are on the disk, one group after another.
    package func run(
        on loops: [EventLoop], arrived: @escaping @Sendable ([Arrival]) async -> Void
    ) async throws -> [Int: [String]] {
        let ledger = BatchLedger(requests, lanesPerSource: manner.lanesPerSource)
        withdrawals?.begin(ledger, requests)
        defer { withdrawals?.end() }
        for part in try await disk.run({ try survey() }) { ledger.found(part) }
        await withDiscardingTaskGroup { group in
            let writer = BatchWriter(batch: self, ledger: ledger, arrived: arrived)
            for number in 0..<manner.lanes {
                let loop = loops[number % loops.count]
                let lane = BatchLane(batch: self, ledger: ledger, loop: loop)
                group.addTask(executorPreference: loop) { await lane.run() }
            }
            await writer.run()
            group.cancelAll()
        }
        if ledger.isStopped || Task.isCancelled { throw DownloadFailure.stopped }
        return ledger.failures
    }

    /// What an earlier attempt has left whole.
    private func survey() throws -> [BatchFolder.Part] {
        let left = try folder.leftovers(of: requests.map(\.root))
        return requests.enumerated().compactMap { item, request in
            left.contains(request.root) ? folder.find(request, item: item) : nil
        }
    }
}

/// How far a batch is.
package struct BatchProgress: Sendable {
    package let doneFiles: Int
    package let totalFiles: Int
    package let doneBytes: Int
    package let totalBytes: Int
    /// It waits for room on the disk.
    package let isDiskFull: Bool
}
