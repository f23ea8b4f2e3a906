internal import P2PRuntime
internal import Synchronization

/// Finishes what changes of great shares and compactions have begun, a step at a time: between two of them it lets
/// others at the index, and whoever else is on its loop.
final class Sweeper: Sendable {
    private let point = Mutex<WaitPoint?>(nil)

    /// There is something to finish.
    func wake() {
        point.withLock { $0 }?.wake()
    }

    /// Runs on a loop until the program ends.
    func run(for server: Server, on loop: EventLoop) {
        Task(executorPreference: loop) {
            let point = WaitPoint(on: loop)
            defer { point.detach() }
            self.point.withLock { $0 = point }
            while !point.isShuttingDown {
                while Self.step(server) { await Task.yield() }
                await point.sleep(until: .distantFuture)
            }
        }
    }

    /// A step of everything that is under way; true when there is more.
    private static func step(_ server: Server) -> Bool {
        let (isSweeping, isCompacting) = (server.sweep(), server.compact())
        return isSweeping || isCompacting
    }
}
