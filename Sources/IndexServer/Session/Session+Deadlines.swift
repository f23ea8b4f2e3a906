internal import P2PProtocol
internal import P2PRuntime

/// How long a session waits for the other side.
extension Session {
    /// A command in an array that has begun to arrive ends within the patience with readers, and a second for each so many
    /// bytes of it. A person who types a line may think.
    private static let slowestBytesPerSecond = 16 << 10

    var deadline: Moment {
        min(
            outputDeadline, inputDeadline, registration?.deadline ?? idleDeadline,
            min(rest ?? .distantFuture, isIn ? .distantFuture : loginDeadline))
    }

    private var outputDeadline: Moment {
        isReaderBehind ? lastProgress + server.configuration.limits.patience : .distantFuture
    }

    /// The patience grows with what has come, so that a long list over a slow line is not cut off.
    private var inputDeadline: Moment {
        guard let unfinishedSince, pending.first == UInt8(ascii: "*"), canRead else { return .distantFuture }
        return unfinishedSince + server.configuration.limits.patience
            + .seconds(pending.count / Self.slowestBytesPerSecond)
    }

    /// Unregistered connections may be silent for ever unless the configuration says otherwise.
    private var idleDeadline: Moment {
        guard let idle = server.configuration.limits.idle, subscriptions.isEmpty else { return .distantFuture }
        return handle.lastHeard + idle
    }

    /// Counts what was answered against what its address and account may ask in a second.
    func charge() {
        defer { uncharged = 0 }
        guard let pace = server.pace, !isOwner,
            server.configuration.limits.countsLoopback || !stream.remote.address.isLoopback
        else { return }
        rest = pace.charge(uncharged, from: stream.remote.address, account?.name, now: now)
        if rest != nil { hit(.requestsPerSecond) }
    }

    /// A deadline has come and nothing was read: the reader is gone, or the registration's lease is over.
    func deadlinePassed() -> Bool {
        let now = stream.loop.settled
        if let rest, rest <= now { self.rest = nil }
        if outputDeadline <= now {
            hit(.slowReader)
            return false
        }
        if inputDeadline <= now {
            hit(.slowWriter)
            return false
        }
        if !isIn, loginDeadline <= now {
            hit(.login)
            return false
        }
        guard let registration else {
            guard idleDeadline <= now else { return true }
            hit(.idle)
            return false
        }
        if registration.deadline <= now { unregister(because: "lease") }
        return true
    }
}
