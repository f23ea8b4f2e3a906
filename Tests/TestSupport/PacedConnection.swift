import P2PProtocol
import P2PRuntime
import Synchronization

/// So many bytes a second for all connections of one source together.
final class Pacer: Sendable {
    let bytesPerSecond: Int
    private let next = Mutex(Moment(nanoseconds: 0))

    init(bytesPerSecond: Int) {
        self.bytesPerSecond = bytesPerSecond
    }

    /// When so many bytes more may go out.
    func reserve(_ count: Int) -> Moment {
        let now = Moment.now
        return next.withLock { next in
            let turn = max(next, now)
            next = turn + .seconds(Double(count) / Double(bytesPerSecond))
            return turn
        }
    }
}

/// An HTTP connection that gives slowly: in small steps, each when its time has come.
struct PacedConnection {
    private static let longestStep = 16 << 10
    /// Shorter answers are no file's bytes, and not slow.
    private static let free = 1 << 10

    let stream: Stream
    let pacer: Pacer
    let answer: @Sendable (HTTPRequest) -> HTTPResponse
    /// Hears of each step of a body.
    let sent: @Sendable (Int) -> Void

    func run() async {
        let clock = WaitPoint(on: stream.loop)
        defer { clock.detach() }
        var (pending, parser) = (Bytes(), RequestHeadParser())
        var buffer = Bytes(repeating: 0, count: 4_096)
        do {
            while true {
                let bytes = pending
                guard case .head(let head, let consumed) = parser.next(in: bytes.span) else {
                    let space = buffer.count
                    let count = try await read(into: &buffer, space)
                    guard count > 0 else { return }
                    pending += buffer[..<count]
                    continue
                }
                pending.removeFirst(consumed)
                try await send(answer(HTTPRequest(head: head, remote: stream.remote)), clock)
            }
        } catch {
            // Whoever asked is gone.
        }
    }

    private func read(into buffer: inout Bytes, _ space: Int) async throws -> Int {
        while true {
            switch buffer.withUnsafeMutableBytes({ stream.receive(into: $0) }) {
            case .done(let count): return count
            case .failed(let code): throw StreamError.failed(SystemError("recv", code))
            case .wouldBlock: _ = await stream.wait(for: .readable, until: .distantFuture)
            }
        }
    }

    private func send(_ response: HTTPResponse, _ clock: WaitPoint) async throws {
        try await stream.write(response.head.bytes, until: .distantFuture)
        guard case .bytes(let body) = response.body else { return }
        if body.count <= Self.free { return try await stream.write(body, until: .distantFuture) }
        let step = max(1, min(pacer.bytesPerSecond / 10, Self.longestStep))
        for start in stride(from: 0, to: body.count, by: step) {
            let end = min(start + step, body.count)
            let turn = pacer.reserve(end - start)
            if turn > .now { await clock.sleep(until: turn) }
            try await stream.write(Bytes(body[start..<end]), until: .distantFuture)
            sent(end - start)
        }
    }
}
