internal import Synchronization

/// A value that comes later, once, for any number of waiting tasks. It always comes: whoever makes one keeps it.
final class Promise<Value: Sendable>: Sendable {
    private enum State {
        case open([UnsafeContinuation<Value, Never>])
        case kept(Value)
    }

    private let state = Mutex(State.open([]))

    /// Keeps the promise; what comes after the first is ignored.
    func keep(_ value: Value) {
        let waiters = state.withLock { state -> [UnsafeContinuation<Value, Never>] in
            guard case .open(let waiters) = state else { return [] }
            state = .kept(value)
            return waiters
        }
        for waiter in waiters { waiter.resume(returning: value) }
    }

    var value: Value {
        get async {
            await withUnsafeContinuation { waiter in
                let value = state.withLock { state -> Value? in
                    switch state {
                    case .kept(let value): return value
                    case .open(let waiters):
                        state = .open(waiters + [waiter])
                        return nil
                    }
                }
                if let value { waiter.resume(returning: value) }
            }
        }
    }
}
