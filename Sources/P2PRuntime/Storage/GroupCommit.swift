internal import Synchronization

/// Requests that wait for the disk: those that arrive together share one write.
package final class GroupCommit<Request: Sendable, Answer: Sendable>: Sendable {
    private struct Queued {
        let request: Request
        let answer: @Sendable (Result<Answer, any Error>) -> Void
    }

    private let storage: WorkerPool
    private let queue = Mutex<[Queued]>([])

    /// `storage` has one thread, so that writes follow one another.
    package init(storage: WorkerPool) {
        self.storage = storage
    }

    /// Waits until `write` has answered the request, with those that came meanwhile, in their order.
    package func perform(
        _ request: Request, _ write: @escaping @Sendable ([Request]) -> [Result<Answer, any Error>]
    ) async throws -> Answer {
        try await withCheckedThrowingContinuation { continuation in
            let isFirst = queue.withLock { queue in
                queue.append(Queued(request: request) { continuation.resume(with: $0) })
                return queue.count == 1
            }
            guard isFirst else { return }
            // Whoever finds the queue empty orders the write; those who come before it runs ride along.
            let isOrdered = storage.submit {
                let queued = self.takeAll()
                for (entry, answer) in zip(queued, write(queued.map(\.request))) { entry.answer(answer) }
            }
            if !isOrdered { for entry in takeAll() { entry.answer(.failure(WorkerPool.Busy())) } }
        }
    }

    private func takeAll() -> [Queued] {
        queue.withLock { queue in
            defer { queue.removeAll() }
            return queue
        }
    }
}
