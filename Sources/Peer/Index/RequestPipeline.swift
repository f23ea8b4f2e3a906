package import P2PProtocol
package import P2PRuntime

/// What was asked over one connection and is not answered: replies come in the order of the commands, pushes come
/// between them.
package struct RequestPipeline {
    /// How long the oldest command may be without answer before the connection counts as dead.
    package static let silence: Duration = .seconds(30)

    private struct Waiting {
        let request: PendingReply
        let since: Moment
        /// Its asker has been told that it took too long; the answer still takes its turn.
        var isAbandoned = false
    }

    /// Commands that wait to be sent.
    package var output: OutputBuffer {
        get { writer.output }
        set { writer.output = newValue }
    }
    private var writer = CommandWriter()
    private var waiting: [Waiting] = []
    private var parser: ReplyParser
    private var received = Bytes()

    package init(limits: Limits = .standard) {
        parser = ReplyParser(limits: limits)
    }

    /// Puts a command behind the others.
    package mutating func add(_ request: PendingReply, at now: Moment) {
        writer.write(request.command)
        waiting.append(Waiting(request: request, since: now))
    }

    /// Takes bytes that arrived, answers those who asked, and returns what nobody asked for.
    package mutating func take(_ bytes: UnsafeRawBufferPointer) throws(IndexFailure) -> [Reply] {
        var gathered = Bytes()
        swap(&gathered, &received)
        gathered.append(contentsOf: bytes)
        var consumed = 0
        var answered = 0
        var pushes: [Reply] = []
        defer {
            gathered.removeFirst(consumed)
            swap(&gathered, &received)
            waiting.removeFirst(answered)
        }
        while true {
            switch parser.next(in: gathered.span.extracting(consumed...)) {
            case .needMore: return pushes
            case .failed(let error): throw .garbled(error.message)
            case .reply(.push(let elements), let count):
                consumed += count
                if answered < waiting.count, waiting[answered].request.command.isConfirmed(by: elements) {
                    waiting[answered].request.promise.keep(.success(.push(elements)))
                    answered += 1
                } else {
                    pushes.append(.push(elements))
                }
            case .reply(let reply, let count):
                consumed += count
                guard answered < waiting.count else { throw Self.unasked(reply) }
                waiting[answered].request.promise.keep(.success(reply))
                answered += 1
            }
        }
    }

    /// An index says why before it hangs up; anything else out of turn is none.
    private static func unasked(_ reply: Reply) -> IndexFailure {
        reply.errorLine.map { .refused($0) } ?? .garbled("an answer that nobody asked for")
    }

    /// When `expire` is to be called next.
    package var nextDeadline: Moment {
        let silence = waiting.first.map { $0.since + Self.silence } ?? .distantFuture
        return waiting.lazy.filter { !$0.isAbandoned }.map(\.request.deadline).reduce(silence, min)
    }

    /// Tells those whose time is up; throws when the index has been silent for too long.
    package mutating func expire(at now: Moment) throws(IndexFailure) {
        for index in waiting.indices where !waiting[index].isAbandoned && waiting[index].request.deadline <= now {
            waiting[index].isAbandoned = true
            waiting[index].request.promise.keep(.failure(.timedOut))
        }
        if let oldest = waiting.first, oldest.since + Self.silence <= now { throw .timedOut }
    }

    /// The connection is over for everybody who still waits.
    package mutating func fail(_ failure: IndexFailure) {
        for entry in waiting { entry.request.promise.keep(.failure(failure)) }
        waiting = []
    }
}

extension Command {
    /// Subscriptions have no other answer than a push for each channel; the last of them ends the turn.
    fileprivate func isConfirmed(by push: [Reply]) -> Bool {
        let (word, channel): (StaticString, Bytes?)
        switch self {
        case .subscribe(let channels): (word, channel) = ("subscribe", channels.last?.name)
        case .unsubscribe(let names): (word, channel) = ("unsubscribe", names.last)
        default: return false
        }
        return push.count == 3 && push[0].bytes == Bytes(ascii: word) && push[1].bytes == channel
    }
}
