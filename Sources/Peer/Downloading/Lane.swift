internal import P2PProtocol
internal import P2PRuntime

/// The task that deals with one source: connects, asks for what the schedule wants of it, and hands what comes to the
/// pool. Its end is told to the schedule, which decides whether and when there is a next time.
struct Lane: Sendable {
    /// How long it waits where there is nothing to ask for, before it looks again.
    private static let nap: Duration = .milliseconds(200)
    private static let layerNap: Duration = .milliseconds(50)
    /// How often who has only parts is asked which.
    private static let havePause: Duration = .milliseconds(500)
    /// For a connection to come up; the shorter one where there are more sources than can be tried at once.
    private static let connectPatience: Duration = .seconds(10)
    private static let crowdPatience: Duration = .seconds(3)

    let number: Int
    let source: DownloadSource
    let download: Download
    let swarm: Swarm
    let loop: EventLoop

    func run() async {
        let bell = WaitPoint(on: loop)
        swarm.waits([bell], for: number)
        var fault: SourceFault?
        await withTaskCancellationHandler {
            do throws(SourceFault) { try await visit(bell) } catch { fault = error }
        } onCancel: {
            swarm.wake(number)
        }
        // Whoever is no longer needed has not failed.
        if Task.isCancelled { fault = nil }
        swarm.waits([], for: number)
        bell.detach()
        swarm.schedule { $0.release(number, because: fault, at: loop.now) }
        swarm.wakeAll()
    }

    private func visit(_ bell: WaitPoint) async throws(SourceFault) {
        // Many sources keep the pool busy with fewer pieces of each, in the same memory.
        var mill = PieceMill(depth: max(1, min(4, 16 / swarm.schedule { $0.engagedCount })))
        do {
            try await serve(bell, &mill)
        } catch {
            await mill.finish()
            throw error
        }
        await mill.finish()
    }

    /// Whether there is a use for the source at all.
    private var isWelcome: @Sendable () -> Bool { { !Task.isCancelled && swarm.verdict(on: number) == nil } }

    private func isOver(_ bell: WaitPoint) -> Bool { Task.isCancelled || bell.isShuttingDown }

    private func serve(_ bell: WaitPoint, _ mill: inout PieceMill) async throws(SourceFault) {
        var session = try await connect(bell)
        try await serve(bell, &session, &mill)
        // Nobody wakes it any more: the connection may be somebody else's soon.
        swarm.waits([bell], for: number)
        if let stream = session.letGo() { download.company.connections?.keep(stream, to: source) }
    }

    private func serve(
        _ bell: WaitPoint, _ session: inout SourceSession, _ mill: inout PieceMill
    ) async throws(SourceFault) {
        var nextHave = loop.now
        while !isOver(bell) {
            if let verdict = swarm.verdict(on: number) { throw verdict }
            guard let part = swarm.part else {
                try await seekLayer(&session, bell)
                continue
            }
            if source.isPartial, loop.now >= nextHave {
                let isWelcome = isWelcome
                let has = try await again(&session, bell) { session throws(SourceFault) in
                    try await session.have(while: isWelcome)
                }
                swarm.schedule { $0.set(has, of: number) }
                nextHave = loop.now + Self.havePause
            }
            if let position = download.position?.byte { swarm.schedule { $0.play(from: position) } }
            guard let run = swarm.schedule({ $0.next(for: number, at: loop.now) }) else {
                if swarm.schedule({ $0.isCrowded(at: loop.now) }) { return }
                await bell.sleep(until: loop.now + Self.nap)
                continue
            }
            if case .cut = try await fetch(run, of: part, &session, bell, &mill), !isOver(bell) {
                session = try await connect(bell)
            }
        }
    }

    /// `isAnew` after another connection turned out to be dead: those that are kept may be, too.
    private func connect(_ bell: WaitPoint, isAnew: Bool = false) async throws(SourceFault) -> SourceSession {
        if let verdict = swarm.verdict(on: number) { throw verdict }
        let patience = swarm.schedule { $0.isMany } ? Self.crowdPatience : Self.connectPatience
        let session = try await SourceSession(
            source, root: download.root, size: download.size, passes: download.company.passes, on: loop,
            within: patience, kept: isAnew ? nil : download.company.connections)
        swarm.waits([bell, session.point], for: number)
        return session
    }

    /// Without the piece hashes nothing can be verified: one source gives them, the others wait.
    private func seekLayer(_ session: inout SourceSession, _ bell: WaitPoint) async throws(SourceFault) {
        guard swarm.layer == nil, swarm.seeksLayer(at: loop.now) else {
            await bell.sleep(until: loop.now + Self.layerNap)
            return
        }
        do {
            let isWelcome = isWelcome
            let layer = try await again(&session, bell) { session throws(SourceFault) in
                try await session.layer(while: isWelcome)
            }
            swarm.found(layer)
        } catch {
            swarm.stopSeekingLayer()
            throw error
        }
    }

    // MARK: Pieces

    private func fetch(
        _ run: Range<Int>, of part: PartFile, _ session: inout SourceSession, _ bell: WaitPoint, _ mill: inout PieceMill
    ) async throws(SourceFault) -> SourceSession.End {
        let ranges = run.compactMap { part.layer.geometry.range(of: $0) }
        guard let first = ranges.first, let last = ranges.last else { return .cut }
        let asked = first.lowerBound..<last.upperBound
        guard case .whole = try await ask(for: asked, &session, bell) else { return .cut }
        swarm.schedule { $0.answered(by: number, at: loop.now) }
        for (piece, range) in zip(run, ranges) {
            // Somebody faster may have taken the rest over.
            guard swarm.schedule({ $0.expects(piece, from: number) }) else { break }
            let buffer = await buffer(&mill)
            let end = try await session.read(range.count, into: buffer, atMost: download.company.pace?.portion) {
                arrived($0)
            }
            guard case .whole = end else {
                mill.giveBack(buffer)
                return .cut
            }
            guard swarm.schedule({ $0.received(piece, from: number, at: loop.now) }) else {
                mill.giveBack(buffer)
                continue
            }
            mill.take(buffer, on: loop) { await settle($0, piece, part) }
        }
        if session.isAtEnd { return .whole }
        let rest = await mill.buffer()
        defer { mill.giveBack(rest) }
        return try await session.finish(rest)
    }

    /// Bytes have come; says when to go on.
    private func arrived(_ count: Int) -> Moment? {
        let start = download.company.pace?.pay(for: count, now: .now)
        swarm.schedule { schedule in
            schedule.arrived(count, from: number, at: loop.now)
            if let start { schedule.rest(number, until: start) }
        }
        download.company.received?.add(count)
        return start
    }

    private func buffer(_ mill: inout PieceMill) async -> PieceBuffer {
        guard mill.isFull else { return await mill.buffer() }
        swarm.schedule { $0.holdUp(number, true, at: loop.now) }
        let buffer = await mill.buffer()
        swarm.schedule { $0.holdUp(number, false, at: loop.now) }
        return buffer
    }

    private func ask(
        for range: Range<Int>, _ session: inout SourceSession, _ bell: WaitPoint
    ) async throws(SourceFault) -> SourceSession.End {
        let isWanted: @Sendable () -> Bool = { !Task.isCancelled && swarm.schedule { $0.isAsked(number) } }
        return try await again(&session, bell) { session throws(SourceFault) in
            try await session.ask(for: range, while: isWanted)
        }
    }

    /// A source may have closed a connection that was idle: that is no failure of a new request, which is made once more.
    private func again<Value>(
        _ session: inout SourceSession, _ bell: WaitPoint,
        _ request: (inout SourceSession) async throws(SourceFault) -> Value
    ) async throws(SourceFault) -> Value {
        let wasUsed = session.isUsed
        do throws(SourceFault) {
            return try await request(&session)
        } catch {
            guard wasUsed, session.isBroken else { throw error }
            session = try await connect(bell, isAnew: true)
            return try await request(&session)
        }
    }

    /// Verifies and writes on the pool, and tells the schedule what came of it.
    private func settle(_ buffer: PieceBuffer, _ piece: Int, _ part: PartFile) async {
        do {
            let isRight = try await download.disk.run { try part.take(buffer, asPiece: piece) }
            guard isRight else {
                swarm.schedule { $0.lied(piece, from: number, at: loop.now) }
                return swarm.wakeAll()
            }
            for needless in swarm.schedule({ $0.verified(piece, from: number, at: loop.now) }) { swarm.wake(needless) }
            // It may have waited for the first of its pieces to be verified.
            if swarm.schedule({ !$0.isAsked(number) }) { swarm.wake(number) }
            download.progressed(swarm, at: loop.now)
            if swarm.schedule({ $0.isComplete }) { swarm.wakeOverseer() }
        } catch {
            swarm.schedule { $0.unwritten(piece, from: number) }
            if let error = error as? SystemError { swarm.refused(by: error, at: loop.now) }
        }
    }
}
