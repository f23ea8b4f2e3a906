internal import CLinux
internal import Glibc

/// SIGINT, SIGTERM and SIGHUP as events on a loop; SIGPIPE is ignored.
package final class Signals: Sendable {
    package enum Event: Sendable {
        /// Ctrl-C, or a service manager that wants the program to end.
        case terminate
        /// Reload: reopen logs, read the configuration again.
        case reload
    }

    private let descriptor: Descriptor

    /// To be made first thing in `main`, before any thread: threads inherit the blocked signals.
    package init() throws(SystemError) {
        descriptor = Descriptor(owning: try SystemCall.require("signalfd") { clinux_take_signals() })
    }

    /// Hands each signal to `handle`, on the loop.
    package func serve(on loop: EventLoop, _ handle: @escaping @Sendable (Event) -> Void) {
        Task(executorPreference: loop) {
            let point = WaitPoint(on: loop)
            defer { point.detach() }
            guard (try? point.watch(self.descriptor.raw)) != nil else { return }
            while true {
                while let number = self.next() { handle(number == SIGHUP ? .reload : .terminate) }
                point.consumed(.readable)
                _ = await point.wait(for: .readable)
            }
        }
    }

    private func next() -> Int32? {
        var info = signalfd_siginfo()
        let size = MemoryLayout<signalfd_siginfo>.size
        guard read(descriptor.raw, &info, size) == size else { return nil }
        return Int32(info.ssi_signo)
    }
}
