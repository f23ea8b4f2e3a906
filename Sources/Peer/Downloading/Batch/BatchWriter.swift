internal import P2PRuntime

/// The task of a batch that brings what has come to the disk and tells of it. While it is busy with some, more gather:
/// a slow disk gets larger groups by itself.
struct BatchWriter {
    /// How soon a full disk is tried again.
    private static let diskPause: Duration = .seconds(1)

    let batch: Batch
    let ledger: BatchLedger
    let arrived: @Sendable ([Batch.Arrival]) async -> Void

    func run() async {
        var news = ledger.news.makeAsyncIterator()
        var progress = Progress()
        while let outcomes = ledger.takeOutcomes() {
            guard !outcomes.isEmpty else {
                report(progress)
                if await news.next(isolation: #isolation) == nil { return }
                continue
            }
            let arrivals = await finish(outcomes)
            await arrived(arrivals)
            for arrival in arrivals {
                progress.files += 1
                progress.bytes += batch.requests[arrival.item].size
            }
            ledger.plan { plan in
                for arrival in arrivals { plan.settle(arrival.item) }
            }
            report(progress)
        }
    }

    private struct Progress {
        var files = 0
        var bytes = 0
    }

    private func report(_ progress: Progress) {
        batch.report(
            BatchProgress(
                doneFiles: progress.files, totalFiles: batch.requests.count, doneBytes: progress.bytes,
                totalBytes: batch.requests.reduce(0) { $0 &+ $1.size },
                isDiskFull: ledger.plan { $0.isPaused(at: .now) }))
    }

    /// Files for parts; what there was no room for is asked for again.
    private func finish(_ outcomes: [BatchLedger.Outcome]) async -> [Batch.Arrival] {
        var arrivals: [Batch.Arrival] = []
        var parts: [(giver: DownloadSource?, part: BatchFolder.Part)] = []
        for outcome in outcomes {
            switch outcome.part {
            case .success(let part): parts.append((outcome.giver, part))
            case .failure(let failure): add(.failure(failure), outcome.item, outcome.giver, to: &arrivals)
            }
        }
        let folder = batch.folder
        let whole = parts.map(\.part)
        let files = try? await batch.disk.run { folder.finish(whole) }
        for (index, entry) in parts.enumerated() {
            let file = files?[index].mapError { DownloadFailure.disk($0) } ?? .failure(.stopped)
            add(file, entry.part.item, entry.giver, to: &arrivals)
        }
        return arrivals
    }

    private func add(
        _ file: Result<Batch.File, DownloadFailure>, _ item: Int, _ giver: DownloadSource?,
        to arrivals: inout [Batch.Arrival]
    ) {
        if case .failure(.disk(let error)) = file, error.isOutOfSpace {
            return ledger.plan { plan in
                plan.pause(until: .now + Self.diskPause)
                plan.release(item)
            }
        }
        arrivals.append(Batch.Arrival(item: item, giver: giver, file: file))
    }
}
