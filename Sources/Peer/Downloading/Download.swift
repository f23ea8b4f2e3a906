package import P2PProtocol
package import P2PRuntime

/// Fetches one content into a folder: from one source at a time, piece by piece, each verified before it counts. A
/// source that fails costs the pieces in flight, never the download.
package struct Download: Sendable {
    /// Pieces asked for in one request.
    private static let runLength = 64
    /// Pieces that are verified and written at the same time.
    private static let inFlight = 4

    package let root: Digest
    package let size: Int
    /// Where the file goes, below `folder`; already safe.
    package let localName: Bytes
    package let folder: RootedFolder
    /// Threads for hashing and for the disk.
    package let disk: WorkerPool
    package let report: @Sendable (DownloadProgress) -> Void

    package init(
        root: Digest, size: Int, localName: Bytes, folder: RootedFolder, disk: WorkerPool,
        report: @escaping @Sendable (DownloadProgress) -> Void
    ) {
        self.root = root
        self.size = size
        self.localName = localName
        self.folder = folder
        self.disk = disk
        self.report = report
    }

    /// What came of it: where the file is, and who gave the last piece.
    package struct Outcome: Sendable {
        package let path: Bytes
        package let giver: DownloadSource?
        /// What sources were given up for, by id; for the log and the user.
        package let faults: [String]
    }

    /// Runs on `loop` until the file is complete, or every source has failed.
    package func run(from sources: [DownloadSource], on loop: EventLoop) async throws -> Outcome {
        guard !sources.isEmpty else { throw DownloadFailure.noSource }
        try checkSpace()
        var faults: [String] = []
        for source in sources {
            do {
                let path = try await fetch(from: source, on: loop)
                return Outcome(path: path, giver: source, faults: faults)
            } catch let fault as SourceFault {
                faults.append("peer \(source.id) at \(source.endpoint) \(fault)")
            } catch let error as SystemError {
                throw DownloadFailure.disk(error)
            }
        }
        throw DownloadFailure.allSourcesFailed(faults)
    }

    private func checkSpace() throws {
        let free = try folder.freeBytes()
        guard free > size else { throw DownloadFailure.noSpace(needed: size, free: free) }
    }

    private func fetch(from source: DownloadSource, on loop: EventLoop) async throws -> Bytes {
        var session = try await SourceSession(source, root: root, size: size, on: loop)
        let layer = try await session.layer()
        let (part, surveyed) = try await disk.run { [root, folder] in
            let part = try PartFile(root: root, layer: layer, in: folder)
            return (part, try part.survey())
        }
        var pieces = surveyed
        while let run = pieces.missingRun(longest: Self.runLength) {
            try await fetch(run, of: part, into: &pieces, from: &session, source)
        }
        return try await disk.run { [localName] in try part.finish(as: localName) }
    }

    /// Reads a run of pieces; while one is verified and written by the pool, the next is read.
    private func fetch(
        _ run: Range<Int>, of part: PartFile, into pieces: inout PieceSet, from session: inout SourceSession,
        _ source: DownloadSource
    ) async throws {
        let ranges = run.compactMap { part.layer.geometry.range(of: $0) }
        guard let first = ranges.first, let last = ranges.last else { return }
        try await session.ask(for: first.lowerBound..<last.upperBound)
        var working: [(piece: Int, task: Task<Bool, any Error>)] = []
        for (piece, range) in zip(run, ranges) {
            let buffer = PieceBuffer()
            try await session.read(range.count, into: buffer)
            working.append((piece, take(buffer, piece, part)))
            if working.count == Self.inFlight { try await settle(working.removeFirst(), &pieces, part, source) }
        }
        for entry in working { try await settle(entry, &pieces, part, source) }
    }

    private func take(_ buffer: PieceBuffer, _ piece: Int, _ part: PartFile) -> Task<Bool, any Error> {
        Task { [disk] in try await disk.run { try part.take(buffer, asPiece: piece) } }
    }

    private func settle(
        _ entry: (piece: Int, task: Task<Bool, any Error>), _ pieces: inout PieceSet, _ part: PartFile,
        _ source: DownloadSource
    ) async throws {
        guard try await entry.task.value else {
            throw SourceFault.lied("piece \(entry.piece) is not what the root says")
        }
        pieces.insert(entry.piece)
        let done = min(size, pieces.filled * PieceGeometry.pieceBytes)
        report(DownloadProgress(done: done, total: size, source: source))
    }
}
