internal import P2PProtocol
package import P2PRuntime
internal import Synchronization

/// Prints the dictionary after changes: one writer, at most every 100 ms, on a thread of its own, so that a reader who
/// is slow delays nothing but the next picture.
package final class DictionaryPrinter: Sendable {
    private static let interval: Duration = .milliseconds(100)

    private let writer = WorkerPool(name: "print", threads: 1, capacity: 2)
    private let isDirty = Atomic<Bool>(false)
    private let point = Mutex<WaitPoint?>(nil)

    package init() {}

    /// Something changed; it will be shown with whatever else changes until then.
    package func dictionaryChanged() {
        guard !isDirty.exchange(true, ordering: .relaxed) else { return }
        point.withLock { $0 }?.wake()
    }

    /// Runs on a loop until the program ends.
    package func run(for server: Server, on loop: EventLoop) {
        Task(executorPreference: loop) {
            let point = WaitPoint(on: loop)
            defer { point.detach() }
            self.point.withLock { $0 = point }
            while !point.isShuttingDown {
                if self.isDirty.exchange(false, ordering: .relaxed) {
                    await self.print(server)
                    _ = await point.wait(for: .shutdown, until: .now + Self.interval)
                } else {
                    await point.sleep(until: .distantFuture)
                }
            }
            await self.print(server)
        }
    }

    /// Prints it as it is now.
    func print(_ server: Server) async {
        let rows = server.engine.read { $0.dictionary(maxNamesPerPeer: DictionaryListing.namesShown) }
        let entries = rows.map {
            DictionaryListing.Entry(
                id: $0.key.id, host: $0.key.host.text, port: $0.key.port, names: $0.names, total: $0.total)
        }
        let listing = DictionaryListing(entries: entries, connections: server.sessions.count)
        let text = listing.lines { display($0) }
        try? await writer.run { StandardOutput.write(text) }
    }
}
