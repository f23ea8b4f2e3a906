package import P2PProtocol
package import P2PRuntime
internal import Synchronization

/// What is known about titles, durable before anybody hears of it. Changes that arrive together share one transaction;
/// when that fails, nothing has changed.
package final class MetadataArchive: Sendable {
    private let store: MetadataStore
    private let storage: WorkerPool
    private let commits: GroupCommit<MetadataChange, Int>
    private let state: Mutex<Metadata>

    /// `storage` has one thread; everything durable of this program goes through it.
    package init(path: Bytes, limits: Limits = .standard, storage: WorkerPool) throws {
        store = try MetadataStore(path)
        self.storage = storage
        commits = GroupCommit(storage: storage)
        let (records, nextID) = try store.load()
        state = Mutex(Metadata(limits: limits, records: records, nextID: nextID))
    }

    /// How many titles are known.
    package var count: Int { state.withLock { $0.count } }

    /// What is known about a title.
    package func record(of title: Bytes) -> TitleRecord? { state.withLock { $0.record(of: title) } }

    /// A page of all titles, and how many there are.
    package func page(_ page: Page) throws(WireError) -> (total: Int, next: Bytes, records: [TitleRecord]) {
        try state.withLock { (metadata) throws(WireError) in
            let (next, records) = try metadata.page(page)
            return (metadata.count, next, records)
        }
    }

    /// Changes something; it is on the disk when this returns. Throws a `WireError` for what is refused.
    package func change(_ change: MetadataChange) async throws -> Int {
        try await commits.perform(change) { self.write($0) }
    }

    /// Leaves one whole file behind, for a clean end.
    package func settle() async throws {
        try await storage.run { [store] in try store.settle() }
    }

    private func write(_ changes: [MetadataChange]) -> [Result<Int, any Error>] {
        let draft = state.withLock { $0.draft(changes) }
        do {
            if !draft.isEmpty { try store.write(draft) }
        } catch {
            return changes.map { _ in .failure(error) }
        }
        // Only this thread changes it, so it is still what the draft was made for.
        state.withLock { $0.commit(draft) }
        return draft.answers.map { answer in answer.mapError { $0 } }
    }
}
