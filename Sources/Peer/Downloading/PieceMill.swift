internal import P2PProtocol
internal import P2PRuntime

/// The pieces that one source has sent and the pool is verifying and writing, while the next one is read. Buffers go
/// round: fresh memory for each piece would cost more than the copying does.
struct PieceMill: ~Copyable {
    private struct Work {
        let buffer: PieceBuffer
        let task: Task<Void, Never>
    }

    /// Pieces that are verified and written at the same time.
    private let depth: Int
    private var spare: [PieceBuffer] = []
    private var working: [Work] = []

    init(depth: Int) {
        self.depth = depth
    }

    /// Whether the next buffer has to be waited for.
    var isFull: Bool { working.count >= depth }

    /// An empty buffer, once there is one.
    mutating func buffer() async -> PieceBuffer {
        if isFull {
            let oldest = working.removeFirst()
            await oldest.task.value
            spare.append(oldest.buffer)
        }
        return spare.popLast() ?? PieceBuffer()
    }

    /// What was read is of no use.
    mutating func giveBack(_ buffer: PieceBuffer) {
        spare.append(buffer)
    }

    /// Begins `work` on a full buffer; what comes of it is told to whom `work` tells it.
    mutating func take(
        _ buffer: PieceBuffer, on loop: EventLoop, _ work: @escaping @Sendable (PieceBuffer) async -> Void
    ) {
        let task = Task(executorPreference: loop) { await work(buffer) }
        working.append(Work(buffer: buffer, task: task))
    }

    /// Waits until nothing is in it.
    mutating func finish() async {
        for work in working { await work.task.value }
        working.removeAll()
    }
}
