internal import Glibc

/// What a system call on a non-blocking descriptor came to.
package enum CallResult: Equatable, Sendable {
    case done(Int)
    /// Nothing can be moved now; wait for the descriptor.
    case wouldBlock
    case failed(Int32)
}

/// The one place that looks at `errno`: retries EINTR, makes EAGAIN a value.
package enum SystemCall {
    package static func attempt(_ call: () -> Int) -> CallResult {
        while true {
            let result = call()
            if result >= 0 { return .done(result) }
            let code = errno
            if code == EINTR { continue }
            return code == EAGAIN || code == EWOULDBLOCK ? .wouldBlock : .failed(code)
        }
    }

    /// For calls that either work or fail; the result is theirs.
    @discardableResult
    package static func require(
        _ name: String, on subject: @autoclosure () -> String = "", _ call: () -> Int32
    ) throws(SystemError) -> Int32 {
        while true {
            let result = call()
            if result >= 0 { return result }
            let code = errno
            if code != EINTR { throw SystemError(name, code, on: subject()) }
        }
    }
}
