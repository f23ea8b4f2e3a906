internal import P2PProtocol
internal import P2PRuntime

/// The task that owns a download's others: it opens the file once the piece hashes are known, sends a lane to each
/// source that is worth one, notices who has fallen silent, and looks for new sources.
struct Overseer {
    /// How often it looks around when nothing calls it.
    private static let pause: Duration = .milliseconds(200)
    /// How soon the index is asked who else has the content; each time after half as long again, up to the longest.
    private static let firstSearch: Duration = .milliseconds(500)
    private static let longestSearch: Duration = .seconds(5)
    /// A download that is over sooner is not announced.
    private static let announcement: Duration = .milliseconds(250)

    let download: Download
    let swarm: Swarm
    let loop: EventLoop

    /// Returns the file when every piece of it is there.
    func run() async throws -> PartFile {
        let bell = WaitPoint(on: loop)
        defer { bell.detach() }
        swarm.waits([bell])
        return try await withTaskCancellationHandler {
            try await withThrowingDiscardingTaskGroup { group in
                defer { group.cancelAll() }
                do {
                    return try await oversee(bell, &group)
                } catch {
                    // So that the next time begins where this one ends.
                    if swarm.part != nil { download.unfinished?.withdraw(download.root) }
                    await swarm.sync(on: download.disk)
                    throw error
                }
            }
        } onCancel: {
            swarm.wakeOverseer()
        }
    }

    private func oversee(
        _ bell: WaitPoint, _ group: inout ThrowingDiscardingTaskGroup<any Error>
    ) async throws -> PartFile {
        var searchPause = Self.firstSearch
        var nextSearch = loop.now + searchPause
        let start = loop.now
        var isAnnounced = false
        while true {
            if Task.isCancelled || bell.isShuttingDown { throw DownloadFailure.stopped }
            if let failure = swarm.failure { throw failure }
            if let part = swarm.part {
                if swarm.schedule({ $0.isComplete }) { return part }
            } else if let layer = swarm.layer {
                try await open(layer)
                continue
            }
            let now = loop.now
            for source in swarm.schedule({ $0.findStalled(at: now) }) { swarm.wake(source) }
            while let (number, source) = swarm.engage(at: now) {
                let lane = Lane(number: number, source: source, download: download, swarm: swarm, loop: loop)
                group.addTask { await lane.run() }
            }
            if swarm.schedule({ $0.isForsaken }) {
                await search()
                guard swarm.schedule({ !$0.isForsaken }) else {
                    throw DownloadFailure.allSourcesFailed(download.faults(of: swarm))
                }
                continue
            }
            if now >= nextSearch {
                group.addTask { await search() }
                searchPause = min(searchPause * 1.5, Self.longestSearch)
                nextSearch = now + searchPause
            }
            if !isAnnounced, now.since(start) >= Self.announcement, swarm.schedule({ $0.done.filled > 0 }) {
                isAnnounced = true
                group.addTask { await download.announce?() }
            }
            if swarm.isSyncDue(at: now) { group.addTask { await swarm.sync(on: download.disk) } }
            await bell.sleep(until: now + Self.pause)
        }
    }

    private func search() async {
        guard let find = download.find else { return }
        swarm.add(await find(), at: loop.now)
        swarm.wakeOverseer()
    }

    private func open(_ layer: PieceLayer) async throws {
        let opened = try await download.onDisk { [download] () throws(SystemError) -> (PartFile, PieceSet)? in
            let part = try PartFile(root: download.root, layer: layer, in: download.folder)
            return part.lock() ? (part, try part.survey()) : nil
        }
        guard let (part, pieces) = opened else { throw DownloadFailure.underWay }
        swarm.begin(part, with: pieces)
        let entry = UnfinishedContents.Entry(part: part, name: download.localName) { [swarm] in
            swarm.schedule { $0.done }
        }
        download.unfinished?.offer(entry, as: download.root)
        download.progressed(swarm, at: loop.now)
    }
}
