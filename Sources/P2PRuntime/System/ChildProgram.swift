internal import CLinux
internal import Glibc
package import P2PProtocol

/// Another program that is started for the user: a player.
package struct ChildProgram: Sendable {
    private let id: pid_t

    /// Starts it with these arguments, found by its name as a shell would find it; no shell reads them. What it prints
    /// goes to standard error, since standard output is for results.
    package init(_ arguments: [Bytes]) throws(SystemError) {
        guard let name = arguments.first else { throw SystemError("posix_spawn", ENOENT) }
        var attributes = posix_spawnattr_t()
        var actions = posix_spawn_file_actions_t()
        posix_spawnattr_init(&attributes)
        posix_spawn_file_actions_init(&actions)
        defer {
            posix_spawnattr_destroy(&attributes)
            posix_spawn_file_actions_destroy(&actions)
        }
        Self.freeSignals(&attributes)
        posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO)
        let words = arguments.map { $0.map { CChar(bitPattern: $0) } + [0] }
        var number: pid_t = 0
        let code = Self.withPointers(to: words) { pointers in
            posix_spawnp(&number, words[0], &actions, &attributes, pointers, clinux_environment())
        }
        guard code == 0 else { throw SystemError("start", code, on: Path.display(name)) }
        id = number
    }

    /// Waits for its end, which blocks; the exit code, or 128 and the signal that ended it, as shells have it.
    package func wait() -> Int32 {
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0 {
            guard errno == EINTR else { return 127 }
        }
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
    }

    /// Our threads have Ctrl-C and the like blocked, which a child would inherit.
    private static func freeSignals(_ attributes: inout posix_spawnattr_t) {
        var none = sigset_t()
        var ignored = sigset_t()
        sigemptyset(&none)
        sigemptyset(&ignored)
        sigaddset(&ignored, SIGPIPE)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &ignored)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    }

    private static func withPointers(
        to words: [[CChar]], _ body: ([UnsafeMutablePointer<CChar>?]) -> Int32
    ) -> Int32 {
        let copies = words.map { strdup($0) }
        defer { copies.forEach { free($0) } }
        return body(copies + [nil])
    }
}
