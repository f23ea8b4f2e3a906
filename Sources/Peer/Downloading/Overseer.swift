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
    /// Without a byte for so long, a download that is not patient has failed, however busy its sources say they are.
    private static let endurance: Duration = .seconds(120)
    /// How often a full disk is tried again, and the room that makes it worth while.
    private static let diskPause: Duration = .seconds(1)
    private static let worthwhileBytes = 16 << 20
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
        do {
            return try await run(bell)
        } catch {
            // By now nobody writes any more.
            if let part = swarm.part {
                let pieces = swarm.schedule { $0.done }
                try? await download.disk.run { part.giveBack(except: pieces) }
            }
            throw error
        }
    }

    private func run(_ bell: WaitPoint) async throws -> PartFile {
        try await withTaskCancellationHandler {
            try await withThrowingDiscardingTaskGroup { group in
                defer { group.cancelAll() }
                do {
                    return try await oversee(bell, &group)
                } catch {
                    // So that the next time begins where this one ends.
                    if swarm.part != nil { download.company.unfinished?.withdraw(download.root) }
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
        var watch = Watch(at: loop.now)
        while true {
            if Task.isCancelled || bell.isShuttingDown { throw DownloadFailure.stopped }
            if let failure = swarm.failure { throw failure }
            if let part = swarm.part {
                if try await isDone() { return part }
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
            if !download.isPatient { try await checkHope(since: watch.start, at: now) }
            if now >= watch.nextSearch {
                group.addTask { await search() }
                watch.searchPause = min(watch.searchPause * 1.5, Self.longestSearch)
                watch.nextSearch = now + watch.searchPause
            }
            if !watch.isAnnounced, now.since(watch.start) >= Self.announcement,
                swarm.schedule({ $0.done.filled > 0 })
            {
                watch.isAnnounced = true
                group.addTask { await download.company.announce?() }
            }
            if swarm.isSyncDue(at: now) { group.addTask { await swarm.sync(on: download.disk) } }
            if swarm.schedule({ $0.isPaused }), now >= watch.nextRoom {
                watch.nextRoom = now + Self.diskPause
                try await lookForRoom()
            }
            download.progressed(swarm, at: now)
            await bell.sleep(until: now + Self.pause)
        }
    }

    /// When what is to be done next.
    private struct Watch {
        let start: Moment
        var searchPause = Overseer.firstSearch
        var nextSearch: Moment
        var nextRoom: Moment
        var isAnnounced = false

        init(at now: Moment) {
            (start, nextRoom) = (now, now)
            nextSearch = now + searchPause
        }
    }

    /// Whether every piece is there, and on the disk. A disk that is full may only say so when it is asked for that.
    private func isDone() async throws -> Bool {
        guard swarm.schedule({ $0.isComplete }) else { return false }
        await swarm.sync(on: download.disk)
        if let failure = swarm.failure { throw failure }
        return swarm.schedule { $0.isComplete }
    }

    /// Gives up when nobody is left, and the index knows nobody else; and when nothing comes for a long time.
    private func checkHope(since start: Moment, at now: Moment) async throws {
        let (isForsaken, news, isPaused) = swarm.schedule {
            ($0.isForsaken(at: now), $0.lastArrival ?? start, $0.isPaused)
        }
        if isForsaken { await search() }
        let isOverdue = !isPaused && now.since(news) > Self.endurance
        guard isOverdue || (isForsaken && swarm.schedule { $0.isForsaken(at: now) }) else { return }
        throw DownloadFailure.allSourcesFailed(download.faults(of: swarm))
    }

    /// Goes on when there is room again. A quota does not show in the disk's free bytes: then trying tells.
    private func lookForRoom() async throws {
        let missing = swarm.schedule { ($0.geometry.count - $0.done.filled) * PieceGeometry.pieceBytes }
        let room = try await download.onDisk { [download] () throws(SystemError) in try download.folder.room() }
        guard room.freeBytes >= min(missing, Self.worthwhileBytes) else { return }
        swarm.schedule { $0.resume(at: .now) }
        swarm.wakeAll()
    }

    private func search() async {
        guard let find = download.company.find else { return }
        swarm.add(await find(), at: loop.now)
        swarm.wakeOverseer()
    }

    private func open(_ layer: PieceLayer) async throws {
        let opened = try await download.onDisk { [download] () throws(SystemError) -> (PartFile, PieceSet)? in
            let part = try PartFile(root: download.root, layer: layer, in: download.folder)
            guard part.lock() else { return nil }
            let pieces = try part.survey()
            part.reserve()
            return (part, pieces)
        }
        guard let (part, pieces) = opened else { throw DownloadFailure.underWay }
        swarm.begin(part, with: pieces, at: .now)
        let entry = UnfinishedContents.Entry(part: part, name: download.localName) { [swarm] in
            swarm.schedule { $0.done }
        }
        download.company.unfinished?.offer(entry, as: download.root)
        download.progressed(swarm, at: loop.now)
    }
}
