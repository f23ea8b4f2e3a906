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

    /// What came of it: where the file is, its piece hashes, and who gave the last piece.
    package struct Outcome: Sendable {
        package let path: Bytes
        package let layer: PieceLayer
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
                let (path, layer) = try await fetch(from: source, on: loop)
                return Outcome(path: path, layer: layer, giver: source, faults: faults)
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
        // What an earlier attempt has left is on the disk already.
        let held = (try? folder.status(PartFile.name(of: root)).identity.size) ?? 0
        let needed = max(0, size - held)
        guard free > needed else { throw DownloadFailure.noSpace(needed: needed, free: free) }
    }

    private func fetch(from source: DownloadSource, on loop: EventLoop) async throws -> (Bytes, PieceLayer) {
        var session = try await SourceSession(source, root: root, size: size, on: loop)
        let layer = try await session.layer()
        let (part, surveyed) = try await disk.run { [root, folder] in
            let part = try PartFile(root: root, layer: layer, in: folder)
            guard part.lock() else { throw DownloadFailure.underWay }
            return (part, try part.survey())
        }
        var pieces = surveyed
        while let run = pieces.missingRun(longest: Self.runLength) {
            try await fetch(run, of: part, into: &pieces, from: &session, source)
        }
        return (try await disk.run { [localName] in try part.finish(as: localName) }, layer)
    }

    /// Reads a run of pieces; while one is verified and written by the pool, the next is read.
    private func fetch(
        _ run: Range<Int>, of part: PartFile, into pieces: inout PieceSet, from session: inout SourceSession,
        _ source: DownloadSource
    ) async throws {
        let ranges = run.compactMap { part.layer.geometry.range(of: $0) }
        guard let first = ranges.first, let last = ranges.last else { return }
        try await session.ask(for: first.lowerBound..<last.upperBound)
        // Buffers go round: fresh memory for each piece would cost more than the copying does.
        var spare: [PieceBuffer] = []
        var working: [Work] = []
        for (piece, range) in zip(run, ranges) {
            let buffer = spare.popLast() ?? PieceBuffer()
            try await session.read(range.count, into: buffer)
            working.append(take(buffer, piece, part, on: session.loop))
            guard working.count == Self.inFlight else { continue }
            let oldest = working.removeFirst()
            try await settle(oldest, &pieces, source)
            spare.append(oldest.buffer)
        }
        for work in working { try await settle(work, &pieces, source) }
    }

    /// A piece that the pool is verifying and writing.
    private struct Work {
        let piece: Int
        let buffer: PieceBuffer
        let task: Task<Bool, any Error>
    }

    private func take(_ buffer: PieceBuffer, _ piece: Int, _ part: PartFile, on loop: EventLoop) -> Work {
        let task = Task(executorPreference: loop) { [disk] in
            try await disk.run { try part.take(buffer, asPiece: piece) }
        }
        return Work(piece: piece, buffer: buffer, task: task)
    }

    private func settle(_ work: Work, _ pieces: inout PieceSet, _ source: DownloadSource) async throws {
        guard try await work.task.value else { throw SourceFault.lied("piece \(work.piece) is not what the root says") }
        pieces.insert(work.piece)
        let done = min(size, pieces.filled * PieceGeometry.pieceBytes)
        report(DownloadProgress(done: done, total: size, source: source))
    }
}
