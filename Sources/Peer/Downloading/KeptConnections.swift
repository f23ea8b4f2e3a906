internal import P2PProtocol
internal import P2PRuntime
internal import Synchronization

/// Connections to sources that nobody asks anything over at the moment. Who fetches one file after the other from the
/// same source need not connect, and agree on keys, each time anew.
package final class KeptConnections: Sendable {
    /// What is not used again for so long is closed.
    private static let patience: Duration = .seconds(5)
    /// How many are kept, in all and to one source; others are closed.
    private static let most = 32
    private static let mostToOne = 4

    /// Nobody gets a connection to another certificate than was asked for, or from another loop.
    private struct Key: Hashable {
        let endpoint: Endpoint
        let certificate: Digest?
        let loop: ObjectIdentifier

        init(_ source: DownloadSource, _ loop: EventLoop) {
            (endpoint, certificate) = (source.endpoint, source.certificate)
            self.loop = ObjectIdentifier(loop)
        }
    }

    /// One of them, and the task that looks after it: true once its connection is somebody else's.
    private struct Kept {
        let connection: Connection
        let watch: Task<Bool, Never>
    }

    private final class Connection: Sendable {
        let stream: Stream
        private let taken = Atomic(false)

        init(_ stream: Stream) { self.stream = stream }

        var isTaken: Bool { taken.load(ordering: .acquiring) }
        func take() { taken.store(true, ordering: .releasing) }
    }

    private let idle = Mutex<[Key: [Kept]]>([:])

    package init() {}

    /// How many there are.
    package var count: Int { idle.withLock { $0.values.reduce(0) { $0 + $1.count } } }

    /// Keeps a connection on which nothing is under way; on its loop.
    func keep(_ stream: Stream, to source: DownloadSource) {
        let key = Key(source, stream.loop)
        let connection = Connection(stream)
        let isKept = idle.withLock { idle in
            let there = idle[key]?.count ?? 0
            guard there < Self.mostToOne, idle.values.reduce(0, { $0 + $1.count }) < Self.most else { return false }
            // It begins after this: the loop is ours.
            let watch = Task(executorPreference: stream.loop) { [weak self] in
                let isGood = await Self.watch(connection)
                if !isGood { self?.forget(connection, key) }
                return isGood
            }
            idle[key, default: []].append(Kept(connection: connection, watch: watch))
            return true
        }
        if !isKept { stream.close() }
    }

    /// The one that was used last, if it is still good; on the loop.
    func take(to source: DownloadSource, on loop: EventLoop) async -> Stream? {
        let key = Key(source, loop)
        while let kept = idle.withLock({ $0[key]?.popLast() }) {
            kept.connection.take()
            kept.connection.stream.point.wake()
            if await kept.watch.value { return kept.connection.stream }
        }
        return nil
    }

    private func forget(_ connection: Connection, _ key: Key) {
        idle.withLock { idle in
            idle[key]?.removeAll { $0.connection === connection }
            if idle[key]?.isEmpty ?? false { idle[key] = nil }
        }
    }

    /// Waits until somebody takes it, and closes it when nobody does, or the source has closed it.
    private static func watch(_ connection: Connection) async -> Bool {
        let stream = connection.stream
        let end = Moment.now + patience
        // Nothing may come that was not asked for, but what OpenSSL keeps to itself.
        while case .wouldBlock = stream.receive(into: stream.loop.scratch.input) {
            if connection.isTaken { return true }
            let readiness = await stream.wait(for: [.readable, .woken, .shutdown], until: end)
            if !readiness.isDisjoint(with: [.deadline, .hangUp, .shutdown]), !connection.isTaken { break }
        }
        stream.close()
        return false
    }
}
