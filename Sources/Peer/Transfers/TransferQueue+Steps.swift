package import P2PRuntime

/// What happens to the transfers, and what is to be done about it.
extension TransferQueue {

    /// How far a download is; of no interest when it has ended, or is to.
    package mutating func note(_ progress: Transfer.Progress, of number: Int) {
        guard let transfer = transfers[number], transfer.state == .running, transfer.progress != progress else {
            return
        }
        set(number) { transfer in
            if progress.done > transfer.progress.done { transfer.failures = 0 }
            transfer.progress = progress
        }
    }

    /// Whom the file is to be taken from, of a move.
    package mutating func pin(_ giver: PeerReference, of number: Int) {
        guard transfers[number]?.giver != giver else { return }
        change(number) { $0.giver = giver }
    }

    /// A download has come to its end.
    package mutating func ended(_ number: Int, _ outcome: Outcome, at now: Moment) {
        guard vacate(number) else { return }
        guard let transfer = transfers[number], !transfer.isFinal else { return }
        switch outcome {
        // Whatever was wanted meanwhile: it is here.
        case .arrived(_, let debt?, _):
            change(number) { transfer in
                transfer.state = .settling(debt, reason: nil, until: now)
                transfer.failures = 0
                transfer.progress = Transfer.Progress(done: transfer.order.size)
            }
        case .arrived(let path, nil, let note): finish(number, .done(path: path, note: note))
        case .failed(let reason, let mayPass): fail(number, reason, mayPass: mayPass, at: now)
        case .stopped: if transfer.state == .running { set(number) { $0.state = .queued } }
        }
        set(number) { transfer in
            transfer.progress.bytesPerSecond = 0
            transfer.progress.sources = 0
            transfer.progress.isDiskFull = false
        }
    }

    /// Ends what was under way for a download; false when nothing was. The slot is free when all that share it have ended.
    private mutating func vacate(_ number: Int) -> Bool {
        switch work[number] {
        case .download?: downloads -= 1
        case .together(let company, _)?:
            let rest = (companies[company] ?? 1) - 1
            companies[company] = rest > 0 ? rest : nil
            if rest <= 0 { downloads -= 1 }
        default: return false
        }
        work[number] = nil
        return true
    }

    private mutating func fail(_ number: Int, _ reason: String, mayPass: Bool, at now: Moment) {
        guard transfers[number]?.state == .running else { return }
        guard mayPass else { return change(number) { $0.state = .failed(reason: reason) } }
        set(number) { transfer in
            transfer.failures += 1
            transfer.state = .waiting(reason: reason, until: now + Self.pause(after: transfer.failures))
        }
    }

    /// The former owner has let go of it, or will not (with a note); or it has to be asked again, and why.
    package mutating func settled(_ number: Int, note: String? = nil, again reason: String? = nil, at now: Moment) {
        guard case .settle? = work[number] else { return }
        work[number] = nil
        chores -= 1
        guard case .settling(let debt, _, _)? = transfers[number]?.state else { return }
        guard let reason else { return finish(number, .done(path: debt.path, note: note)) }
        set(number) { transfer in
            transfer.failures += 1
            transfer.state = .settling(debt, reason: reason, until: now + Self.pause(after: transfer.failures))
        }
    }

    /// What came of a cancelled one is gone.
    package mutating func cleaned(_ number: Int) {
        guard case .clean? = work[number] else { return }
        work[number] = nil
        chores -= 1
        guard let transfer = transfers[number], transfer.state == .cancelled else { return }
        forget(transfer)
    }

    private static func pause(after failures: Int) -> Duration {
        min(longestPause, shortestPause * Double(1 << min(max(failures - 1, 0), 16)))
    }

    // MARK: What is to be done

    /// The steps that are due, each once. As long as all slots are taken it looks at few, however long the line.
    package mutating func steps(at now: Moment) -> [Step] {
        looked = now
        return stops() + chores(at: now) + starts(at: now)
    }

    private mutating func stops() -> [Step] {
        let unwanted = work.compactMap { number, work -> Int? in
            switch work {
            case .download(isStopping: false), .together(_, isStopping: false):
                transfers[number]?.state != .running ? number : nil
            default: nil
            }
        }
        return unwanted.sorted().map { number in
            if case .together(let company, _)? = work[number] {
                work[number] = .together(company, isStopping: true)
            } else {
                work[number] = .download(isStopping: true)
            }
            return .stop(number)
        }
    }

    private mutating func chores(at now: Moment) -> [Step] {
        var steps: [Step] = []
        for number in unfinished.sorted() where chores < Self.mostChores && work[number] == nil {
            guard let transfer = transfers[number] else { continue }
            switch transfer.state {
            case .cancelled:
                work[number] = .clean
                steps.append(.clean(transfer))
            case .settling(_, _, let until) where until <= now:
                work[number] = .settle
                steps.append(.settle(transfer))
            default: continue
            }
            chores += 1
        }
        return steps
    }

    /// When `steps` is to be asked again if nothing happens; nil when only the outside can have news.
    package var due: Moment? {
        // Without a slot the time of those that wait is when one is free.
        let waiting = downloads < width ? retried : []
        let owing = chores < Self.mostChores ? unfinished : []
        return waiting.union(owing).compactMap { number in
            guard work[number] == nil else { return nil }
            switch transfers[number]?.state {
            // What could not begin although it was due waits for another's end.
            case .waiting(_, let until)?, .settling(_, _, let until)?: return until > looked ? until : nil
            default: return nil
            }
        }.min()
    }
}
