internal import P2PProtocol
internal import P2PRuntime

/// One connection that speaks RESP: read what has arrived, apply each command, write the replies, flush once, wait.
///
/// It belongs to its loop. Others reach it through its handle only.
final class Session {
    /// So many look-ups that follow one another are answered side by side.
    static let mostLookUpsTogether = 16
    /// What is read and applied at a time; then it is the others' turn.
    static let turnBytes = 32 << 10
    /// So long a turn may take; looked at after every so many commands, since looking takes time too.
    private static let turnTime = Duration.milliseconds(2)
    private static let commandsPerLook = 8

    // Made once: from a literal, each wait would make an array first.
    private static let always: Readiness = [.woken, .shutdown]

    let server: Server
    let stream: Stream
    let handle: SessionHandle
    var writer = ReplyWriter()
    /// How the other side sees the hosts of others; our own address is asked for once, and only by those who search.
    private(set) lazy var view = SourceView(of: stream)
    /// The peer that this connection has registered.
    var registration: SessionRegistration?
    /// Fewer while the searches that come are not of that kind.
    var lookUpsTogether = mostLookUpsTogether
    /// Whether it comes over the control socket: from the index's own user.
    let isOwner: Bool
    /// By whose account it is in, where it has logged in.
    var account: Account?
    /// When it has to be in, where that takes an account, and the errors that it was told of before.
    var loginDeadline: Moment
    var errorsBeforeLogin = 0
    /// Under what it was registered before: who registers anew on one connection is who they were.
    var former: (id: PeerID, token: Bytes)?
    var subscriptions: Set<Bytes> = []
    /// Set by a command that ends the connection after its reply.
    var isClosing = false
    /// Set by a command whose reply has to wait for the disk: what follows it waits too.
    var deferred: (() async -> Void)?
    var deferredKind = CommandKind.other
    private var deferredSince: Moment
    let latencies: LoopLatencies

    var parser: CommandParser
    var pending: Bytes
    /// Whole commands may be waiting because their replies have no room.
    private var isHeldBack = false
    var hasLettersLeft = false
    /// The last read filled its buffer: more waits, after the others' turn.
    private var hasMore = false
    /// The turn was over before all commands that have come were applied.
    private var isTurnOver = false
    private var commandsApplied = 0
    /// Commands that have not been charged, and until when nothing more is read of who was too fast.
    var uncharged = 0
    var rest: Moment?
    /// Since when an unfinished command waits for the rest of itself.
    var unfinishedSince: Moment?
    /// Output waits for the reader, who has taken so much of it since `lastProgress`.
    var isReaderBehind = false
    var takenBytes = 0
    var lastProgress: Moment

    init(server: Server, stream: Stream, initial: Bytes, loginDeadline: Moment, isOwner: Bool = false) {
        self.server = server
        self.stream = stream
        pending = initial
        parser = CommandParser(limits: server.isClosed && !isOwner ? server.limitsBeforeLogin : server.commandLimits)
        self.loginDeadline = loginDeadline
        self.isOwner = isOwner
        lastProgress = stream.loop.now
        deferredSince = lastProgress
        latencies = server.latencies.of(stream.loop)
        handle = server.sessions.open(stream, at: lastProgress)
    }

    var now: Moment { stream.loop.now }

    func run() async {
        stream.keepAlive()
        defer { leave() }
        // Work is done outside of this function: what it keeps over an await, every idle connection would keep.
        var isOpen = turn(reads: true)
        while isOpen {
            if let work = takeDeferred() {
                await doAside(work)
                latencies.record(deferredKind, since: deferredSince)
                isOpen = turn(reads: false)
                continue
            }
            if isTurnOver || takeHasMore() {
                // The others' turn. In one place: each would take room in a frame that every idle connection keeps, and
                // that just fits the first kilobyte which a task is given.
                await Task.yield()
                guard !isTurnOver else {
                    isOpen = turn(reads: false)
                    continue
                }
            }
            isOpen = goesOn(after: await stream.wait(for: interest, until: deadline)) && turn(reads: true)
        }
    }

    /// Does work in a task of its own, which takes its memory along when it ends; this one would keep it for its life.
    private func doAside(_ work: @escaping () async -> Void) async {
        /// SAFETY: both tasks run on the session's loop, and this one waits for the other.
        nonisolated(unsafe) let work = work
        await Task(executorPreference: stream.loop) { await work() }.value
    }

    /// The others' turn between two steps of such work; false when it is to end, since nobody is there any more for whom
    /// it is done. Who has only finished writing still reads.
    func takeTurns() async -> Bool {
        await Task.yield()
        guard !handle.isEvicted, !stream.point.isHungUp else {
            isClosing = true
            return false
        }
        return true
    }

    /// One round of work, up to a command whose reply has to wait; false when the connection is over.
    private func turn(reads: Bool) -> Bool {
        guard !handle.isEvicted else {
            sayGoodbye()
            return false
        }
        let start = now
        isTurnOver = false
        borrowOutput()
        var isOpen = flush()
        deliverLetters()
        isOpen = isOpen && applyPending() && (!reads || isTurnOver || !canRead || receive()) && flush()
        while isOpen, !isTurnOver, deferred == nil, (isHeldBack || hasLettersLeft) && canRead {
            deliverLetters()
            isOpen = applyPending() && flush()
        }
        if deferred != nil { deferredSince = start }
        returnOutput()
        latencies.settle(since: start)
        isOpen = isOpen && countWaiting() && isInTime()
        if uncharged > 0 { charge() }
        return isOpen && !(isClosing && deferred == nil && writer.output.isEmpty)
    }

    private func takeDeferred() -> (() async -> Void)? {
        defer { deferred = nil }
        return deferred
    }

    private func takeHasMore() -> Bool {
        defer { hasMore = false }
        return hasMore
    }

    private func goesOn(after readiness: Readiness) -> Bool {
        if readiness.contains(.shutdown) { return false }
        if readiness.contains(.readable) { return true }
        return !readiness.contains(.hangUp) && (!readiness.contains(.deadline) || deadlinePassed())
    }

    // MARK: Input

    /// A slow reader is not read from; neither is one whose last command is still being answered.
    var canRead: Bool {
        deferred == nil && !isClosing && rest == nil && writer.output.count < outputHighWater
    }

    /// Output that waits for the reader before nothing more is read.
    private var outputHighWater: Int { isIn ? server.limits.outputHighWater : server.limits.outputBeforeLogin }

    /// What is read at a time: who has not logged in pins little.
    private var readBytes: Int { isIn ? Self.turnBytes : server.limits.outputBeforeLogin }

    private var interest: Readiness {
        var interest = Self.always
        if canRead { interest.insert(.readable) }
        if !writer.output.isEmpty { interest.insert(.writable) }
        return interest
    }

    /// Reads once and applies what came; false at the end of the stream.
    private func receive() -> Bool {
        let scratch = UnsafeMutableRawBufferPointer(rebasing: stream.loop.scratch.input[..<readBytes])
        switch stream.receive(into: scratch) {
        case .done(0), .failed: return false
        case .wouldBlock: return true
        case .done(let count):
            hasMore = count == scratch.count
            handle.lastHeard = now
            // Not the loop's time: if the process was stopped before the read, that is older than what was read.
            registration?.renew(.now)
            server.metrics.receivedBytes.add(count)
            let fresh = UnsafeBufferPointer(rebasing: scratch.bindMemory(to: UInt8.self)[..<count])
            guard pending.isEmpty else {
                pending.append(contentsOf: fresh)
                return applyPending()
            }
            let consumed = apply(fresh)
            pending.append(contentsOf: fresh[consumed...])
            noteUnfinished(hasProgressed: true)
            return true
        }
    }

    /// Applies what an earlier read has left; false when the connection cannot go on.
    private func applyPending() -> Bool {
        isHeldBack = false
        guard !pending.isEmpty, canRead else { return true }
        let bytes = pending
        let consumed = bytes.withUnsafeBufferPointer { apply($0) }
        defer { noteUnfinished(hasProgressed: consumed > 0) }
        if consumed == bytes.count {
            pending = []
        } else if consumed > 0 {
            pending = Bytes(bytes[consumed...])
        }
        return true
    }

    private func noteUnfinished(hasProgressed: Bool) {
        if pending.isEmpty {
            unfinishedSince = nil
        } else if hasProgressed || unfinishedSince == nil {
            unfinishedSince = now
        }
    }

    /// Applies whole commands from the front of `bytes`; returns how many bytes they took.
    private func apply(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        var consumed = 0
        while deferred == nil, !isClosing {
            let rest = UnsafeBufferPointer(rebasing: bytes[consumed...])
            switch parser.next(in: rest.span) {
            case .needMore: return consumed
            case .blank(let count): consumed += count
            case .command(let count):
                let answered = isIn ? lookUp(rest, first: count) : 0
                consumed += max(answered, count)
                if answered == 0 { execute(rest) }
            case .failed(let error):
                if error.isOverLimit { hit(.commandBytes) }
                fail(error)
                return bytes.count
            }
            if writer.output.count > outputHighWater {
                guard flush() else { return bytes.count }
                isHeldBack = writer.output.count >= outputHighWater
                if isHeldBack { return consumed }
            }
            if consumed < bytes.count, isOthersTurn() { return consumed }
        }
        return consumed
    }

    /// Whether this connection has had its time.
    private func isOthersTurn() -> Bool {
        commandsApplied &+= 1
        guard commandsApplied % Self.commandsPerLook == 0 else { return false }
        // Since the loop last looked at its descriptors: the more wait, the shorter is the turn of each.
        isTurnOver = Moment.now.since(now) > Self.turnTime
        return isTurnOver
    }

    private func execute(_ bytes: UnsafeBufferPointer<UInt8>) {
        uncharged &+= 1
        do throws(WireError) {
            let command = try Command.parse(parser, in: bytes.span)
            try admit(command)
            try answer(command)
        } catch {
            fail(error)
        }
    }

    /// Answers with an error; the fatal ones end the connection.
    func fail(_ error: WireError) {
        server.metrics.errors.add(1)
        writer.error(error)
        if error.consequence == .hangUp { isClosing = true }
        if !isIn { countErrorBeforeLogin() }
    }

    /// A limit was reached by this connection.
    func hit(_ limit: IndexLimit) {
        server.limitLog.note(limit, by: handle.remote)
    }

    private func leave() {
        server.waiting.release(handle)
        unregister(because: "connection")
        unsubscribeAll()
        logOut()
        server.sessions.close(handle)
    }
}
