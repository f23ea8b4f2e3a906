package import P2PProtocol
package import P2PRuntime

/// Fetches one content into a folder, from all who have it at once: piece by piece, each verified before it counts. A
/// source that fails costs the pieces that were asked of it, never the download.
package struct Download: Sendable {
    package let root: Digest
    package let size: Int
    /// Where the file goes, below `folder`; already safe.
    package let localName: Bytes
    package let folder: RootedFolder
    /// Threads for hashing and for the disk.
    package let disk: WorkerPool
    let company: Company
    /// Where somebody looks at it already: what follows there comes first.
    let position: PlayPosition?
    /// It never gives up, whoever is there and however little room.
    let isPatient: Bool
    let report: @Sendable (DownloadProgress) -> Void

    package init(
        root: Digest, size: Int, localName: Bytes, folder: RootedFolder, disk: WorkerPool, company: Company = Company(),
        isPatient: Bool = false, position: PlayPosition? = nil, report: @escaping @Sendable (DownloadProgress) -> Void
    ) {
        (self.root, self.size, self.localName, self.folder, self.disk) = (root, size, localName, folder, disk)
        (self.company, self.isPatient, self.report) = (company, isPatient, report)
        self.position = position
    }

    /// What a download has to do with others than its sources.
    package struct Company: Sendable {
        /// This peer's id at the index.
        package var taker: Int?
        /// Asks anew who has the content.
        package var find: (@Sendable () async -> [DownloadSource])?
        /// Where others find what is there already.
        package var unfinished: UnfinishedContents?
        /// Called once, when there is something to be found.
        package var announce: (@Sendable () async -> Void)?
        /// Where sources want to see passes.
        package var passes: SourcePasses?
        /// Counts the bytes that come.
        package var received: Counter?
        /// How fast all downloads together may be.
        package var pace: DownloadPace?
        /// What earlier downloads have left to go on with.
        package var connections: KeptConnections?

        package init() {}
    }

    /// What came of it: where the file is, its piece hashes, and who gave.
    package struct Outcome: Sendable {
        package let path: Bytes
        package let layer: PieceLayer
        /// The first in the given order of those who gave something.
        package let giver: DownloadSource?
        /// What sources were given up for, by id; for the log and the user.
        package let faults: [String]
    }

    /// Runs on `loop` until the file is complete, or nobody is left who could give it. What is complete stays among the
    /// unfinished contents until the caller shares it.
    package func run(from sources: [DownloadSource], on loop: EventLoop) async throws -> Outcome {
        guard !sources.isEmpty || isPatient, let geometry = PieceGeometry(size: size) else {
            throw DownloadFailure.noSource
        }
        // Of nothing there is no piece that could be verified.
        guard size > 0 || root == ContentHasher().finish().root else {
            throw DownloadFailure.allSourcesFailed(["it is no empty file, as the index has it"])
        }
        // First of all: what somebody claims to be endless costs no memory either.
        try await waitForRoom()
        let schedule = Schedule(geometry, taker: company.taker, seed: UInt64.random(in: 0...UInt64.max))
        let swarm = Swarm(schedule, at: loop.now)
        swarm.add(sources, at: loop.now)
        if let layer = try await onDisk({ [self] () throws(SystemError) in knownLayer }) { swarm.found(layer) }
        let part = try await Overseer(download: self, swarm: swarm, loop: loop).run()
        let path = try await onDisk { [localName] () throws(SystemError) in try part.finish(as: localName) }
        return Outcome(
            path: path, layer: part.layer, giver: swarm.schedule { $0.giver }.map { swarm.source($0) },
            faults: faults(of: swarm))
    }

    /// Until the disk can take it, as far as it is not there already; who is not patient is told why not.
    private func waitForRoom() async throws {
        while true {
            let (room, held) = try await onDisk { [root, folder] () throws(SystemError) in
                (try folder.room(), PartFile.heldBytes(of: root, in: folder))
            }
            // What is all there needs nothing but its name.
            let needed = max(0, size - (held ?? 0))
            if held != nil && needed == 0 || room.takes(needed, files: held == nil ? 1 : 0) { return }
            guard isPatient else { throw DownloadFailure.noSpace(needed: needed, room: room) }
            report(DownloadProgress(done: 0, total: size, sources: [], isDiskFull: true))
            try await Task.sleep(for: .seconds(5))
        }
    }

    /// Of one piece the hash is the root; of several an earlier attempt may have kept them.
    private var knownLayer: PieceLayer? {
        PieceLayer(wire: root.bytes, size: size, root: root) ?? PartFile.layer(of: root, size: size, in: folder)
    }

    /// Runs what touches the disk on the pool.
    func onDisk<Value: Sendable>(
        _ work: @escaping @Sendable () throws(SystemError) -> Value
    ) async throws -> Value {
        try await disk.run {
            do throws(SystemError) { return try work() } catch { throw DownloadFailure.disk(error) }
        }
    }

    /// In words for a person.
    func faults(of swarm: Swarm) -> [String] {
        swarm.schedule { $0.faults }.map { number, fault in
            let source = swarm.source(number)
            return "peer \(source.id) at \(source.endpoint) \(fault)"
        }
    }

    func progressed(_ swarm: Swarm, at now: Moment) {
        let (pieces, rates, isPaused) = swarm.schedule { ($0.done.filled, $0.rates(at: now), $0.isPaused) }
        report(
            DownloadProgress(
                done: min(size, pieces * PieceGeometry.pieceBytes), total: size,
                sources: rates.map { (swarm.source($0.source), $0.bytesPerSecond) }, isDiskFull: isPaused))
    }
}
