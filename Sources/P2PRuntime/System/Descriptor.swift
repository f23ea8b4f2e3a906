internal import Glibc

/// A file descriptor with one owner. `close` reports; `deinit` is the backstop.
package struct Descriptor: ~Copyable, Sendable {
    package let raw: Int32

    package init(owning raw: Int32) {
        self.raw = raw
    }

    /// Closes and reports what the kernel says (a failed write may only come out here).
    package consuming func close() throws(SystemError) {
        let number = raw
        discard self
        // EINTR leaves the descriptor closed on Linux: trying again could close somebody else's.
        if Glibc.close(number) != 0, errno != EINTR { throw SystemError("close", errno) }
    }

    /// Gives the number away; the caller closes it.
    package consuming func release() -> Int32 {
        let number = raw
        discard self
        return number
    }

    deinit {
        _ = Glibc.close(raw)
    }
}
