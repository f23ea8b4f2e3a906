internal import CLinux
internal import Glibc

/// A named, detached thread.
enum Thread {
    private final class Start {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }

    /// From now on the calling thread gets a tenth of what others of the program get where they want the same
    /// processor. Not the very lowest: on a busy machine nobody could log in any more.
    static func yieldToOthers() { clinux_lower_thread(10) }

    static func start(name: String, _ body: @escaping @Sendable () -> Void) {
        var thread = pthread_t()
        let start = Unmanaged.passRetained(Start(name: name, body: body))
        let result = pthread_create(
            &thread, nil,
            { raw in
                guard let raw else { return nil }
                let start = Unmanaged<Start>.fromOpaque(raw).takeRetainedValue()
                clinux_name_thread(String(start.name.prefix(15)))
                start.body()
                return nil
            }, start.toOpaque())
        guard result == 0 else { return start.release() }
        pthread_detach(thread)
    }
}
