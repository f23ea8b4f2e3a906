internal import P2PProtocol
package import P2PRuntime
internal import Synchronization

/// Keeps the library true to what lies on the disk, for as long as the program runs.
package final class DiskFollower: Sendable {
    /// What is not noticed by itself, such as a drive that was mounted, is looked for this often.
    private static let round: Duration = .seconds(2)
    /// Events are gathered this long, so that a thousand of them are one look.
    private static let gathering: Duration = .milliseconds(20)
    /// Where folders cannot be watched, they are read this often; never more than a tenth of the time, though.
    private static let rescanning: Duration = .seconds(60)

    private let library: Library
    private let cache: HashCache
    private let hasher: LibraryHasher
    private let watch: ShareWatch
    private let disk: WorkerPool
    private let log: Logger
    /// Which folders are to be shared, as far as that can change while the program runs.
    private let wanted: (@Sendable () -> [SharedFolder])?
    /// What the log has said already: a file that cannot be shared is no news every time the folders are read.
    private let told = Mutex<Set<Bytes>>([])

    package init(
        _ library: Library, cache: HashCache, hasher: LibraryHasher, watch: ShareWatch = ShareWatch(),
        disk: WorkerPool, log: Logger = .silent, wanted: (@Sendable () -> [SharedFolder])? = nil
    ) {
        (self.library, self.cache, self.hasher) = (library, cache, hasher)
        (self.watch, self.disk, self.log, self.wanted) = (watch, disk, log, wanted)
    }

    /// Reads the folders, or some of them; from then on what happens in them waits for `follow`.
    package func scan(_ folders: [Int]? = nil) async throws -> ScanReport {
        let report = try await disk.run { [library, cache, watch] in
            if folders == nil { watch.forgetRefusal() }
            _ = library.setDamaged(cache.damagedNow())
            return library.rescan(folders, knowing: cache) { watch.add($0, $1) }
        }
        tell(report)
        return report
    }

    /// Follows until the loop drains. To be run on that loop.
    package func follow(on loop: EventLoop) async {
        let point = WaitPoint(on: loop)
        defer { point.detach() }
        watch.attach(to: point)
        var unsettled = Unsettled()
        var rhythm = ScanRhythm(beginning: .now, every: Self.rescanning)
        var nextRound = Moment.now + Self.round
        while !point.isShuttingDown {
            while let news = watch.next() {
                for (folder, event) in news where event.name.isEmpty || library.scanner.notices(event.name) {
                    unsettled.note(event, in: folder, at: .now)
                }
            }
            watch.isDrained(at: point)
            let due = unsettled.takeDue(at: .now)
            if due.isLost { rhythm.ask() }
            await look(at: due, &unsettled)
            if nextRound <= .now {
                if await lookAround() { rhythm.ask() }
                nextRound = .now + Self.round
            }
            rhythm.isPartlyBlind = watch.refusal != nil
            if rhythm.isDue(at: .now) {
                rhythm.begin(at: .now)
                _ = try? await scan()
                hash(library.unhashed())
                rhythm.end(at: .now)
            }
            // What comes in a burst is taken together.
            await point.sleep(until: .now + Self.gathering)
            let until = [unsettled.nextDue, nextRound, rhythm.nextDue].compactMap { $0 }.min() ?? nextRound
            _ = await point.wait(for: [.readable, .shutdown], until: until)
        }
    }

    private func look(at due: Unsettled.Due, _ unsettled: inout Unsettled) async {
        guard !due.isEmpty, !due.isLost else { return }
        watch.drop(within: due.left)
        let seen = try? await disk.run { [library, watch] in library.look(at: due) { watch.add($0, $1) } }
        guard var sightings = seen else { return }
        for place in due.open where !sightings.open.contains(where: { $0.place == place }) { unsettled.forget(place) }
        let waiting = Set(due.open)
        for (place, file) in sightings.open {
            if waiting.contains(place) {
                if unsettled.saw(place, being: file.identity, at: .now) { sightings.add(file, in: place.folder) }
            } else {
                unsettled.note(place, being: file.identity, at: .now)
            }
        }
        let complete = sightings
        let unhashed = try? await disk.run { [library, cache] in library.take(complete, knowing: cache) }
        for skipped in complete.skipped { tell(skipped) }
        hash(unhashed ?? [])
    }

    /// Looks for what no event tells: other folders, drives that came or went, files that were found to be damaged.
    /// True when everything has to be read again.
    private func lookAround() async -> Bool {
        let found = try? await disk.run { [library, cache, watch, wanted] in
            if let wanted = wanted?() {
                let removed = library.setFolders(wanted).removed
                watch.drop(within: Set(removed.map { SharePath(folder: $0, path: []) }))
            }
            return (replaced: library.replacedFolders(), areMended: library.setDamaged(cache.damagedNow()))
        }
        guard let found else { return false }
        if !found.replaced.isEmpty {
            _ = try? await scan(found.replaced)
            hash(library.unhashed())
        }
        return found.areMended
    }

    private func hash(_ files: [LibraryEntry]) {
        guard !files.isEmpty else { return }
        Task { [hasher, log] in
            guard let report = try? await hasher.run(files) else { return }
            log.info("share.hashed", ["files": report.hashed, "cached": report.cached, "failed": report.failed.count])
        }
    }

    private func tell(_ report: ScanReport) {
        log.notice("share.scanned", ["files": report.files, "skipped": report.skippedCount])
        for skipped in report.skipped { tell(skipped) }
        for (folder, error) in report.unavailable {
            log.error("share.unavailable", ["folder": folder.path, "reason": error])
        }
        for folder in library.offlineFolders { log.warning("share.offline", ["folder": folder.path]) }
        guard let refusal = watch.refusal, isNews(Bytes(refusal.call.utf8)) else { return }
        log.warning(
            "share.not_watched",
            ["reason": refusal, "raise": refusal.exhaustedWatchSetting, "instead": "read again every minute"])
    }

    private func tell(_ skipped: FolderScan.Skipped) {
        guard isNews(skipped.path) else { return }
        log.warning("share.skipped", ["path": skipped.path, "reason": "\(skipped.reason)"])
    }

    private func isNews(_ subject: Bytes) -> Bool {
        told.withLock { $0.count < 10_000 && $0.insert(subject).inserted }
    }
}
