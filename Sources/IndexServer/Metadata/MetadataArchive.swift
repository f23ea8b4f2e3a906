package import P2PProtocol
package import P2PRuntime
internal import Synchronization

/// What is known about titles, durable before anybody hears of it. Changes that arrive together share one transaction;
/// when that fails, nothing has changed.
package final class MetadataArchive: Sendable {
    private struct Queued {
        let change: MetadataChange
        let answer: @Sendable (Result<Int, any Error>) -> Void
    }

    private struct State {
        var metadata: Metadata
        var queue: [Queued] = []
    }

    private let store: MetadataStore
    private let storage: WorkerPool
    private let state: Mutex<State>

    /// `storage` has one thread; everything durable of this program goes through it.
    package init(path: Bytes, limits: Limits = .standard, storage: WorkerPool) throws {
        store = try MetadataStore(path)
        self.storage = storage
        let (records, nextID) = try store.load()
        state = Mutex(State(metadata: Metadata(limits: limits, records: records, nextID: nextID)))
    }

    /// How many titles are known.
    package var count: Int { state.withLock { $0.metadata.count } }

    /// What is known about a title.
    package func record(of title: Bytes) -> TitleRecord? { state.withLock { $0.metadata.record(of: title) } }

    /// A page of all titles, and how many there are.
    package func page(_ page: Page) throws(WireError) -> (total: Int, next: Bytes, records: [TitleRecord]) {
        try state.withLock { (state) throws(WireError) in
            let (next, records) = try state.metadata.page(page)
            return (state.metadata.count, next, records)
        }
    }

    /// Changes something; it is on the disk when this returns. Throws a `WireError` for what is refused.
    package func change(_ change: MetadataChange) async throws -> Int {
        try await withCheckedThrowingContinuation { continuation in
            let isFirst = state.withLock { state in
                state.queue.append(Queued(change: change) { continuation.resume(with: $0) })
                return state.queue.count == 1
            }
            // Whoever finds the queue empty orders the write; those who come before it runs ride along.
            if isFirst, !storage.submit({ self.writeQueued() }) { failQueued(with: WorkerPool.Busy()) }
        }
    }

    /// Leaves one whole file behind, for a clean end.
    package func settle() async throws {
        try await storage.run { [store] in try store.settle() }
    }

    private func writeQueued() {
        let (queued, draft) = state.withLock { state in
            let queued = state.queue
            state.queue.removeAll()
            return (queued, state.metadata.draft(queued.map(\.change)))
        }
        do {
            if !draft.isEmpty { try store.write(draft) }
        } catch {
            for entry in queued { entry.answer(.failure(error)) }
            return
        }
        // Only this thread changes it, so it is still what the draft was made for.
        state.withLock { $0.metadata.commit(draft) }
        for (entry, answer) in zip(queued, draft.answers) { entry.answer(answer.mapError { $0 }) }
    }

    private func failQueued(with error: any Error) {
        let queued = state.withLock { state in
            let queued = state.queue
            state.queue.removeAll()
            return queued
        }
        for entry in queued { entry.answer(.failure(error)) }
    }
}
