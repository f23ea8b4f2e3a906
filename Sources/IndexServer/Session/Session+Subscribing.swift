internal import P2PProtocol
internal import P2PRuntime

/// SUBSCRIBE and UNSUBSCRIBE: standard pub/sub, pushes in RESP3.
extension Session {
    func subscribe(_ channels: [Channel]) throws(WireError) {
        for channel in channels {
            if !subscriptions.contains(channel.name) {
                guard subscriptions.count < server.limits.subscriptions else {
                    hit(.subscriptions)
                    throw WireError("SUBSCRIBE: more than \(server.limits.subscriptions) channels on one connection")
                }
                try listen(to: channel)
                subscriptions.insert(channel.name)
            }
            confirm("subscribe", channel.name)
            // Whoever has just come has missed what still counts.
            if channel == .revoked { repeatRevocations() }
        }
    }

    private func listen(to channel: Channel) throws(WireError) {
        var query: Query?
        if case .search(let text) = channel { query = try Query.parse(text, limits: server.limits) }
        do throws(SubscriptionTable.Refusal) {
            try server.subscriptions.add(channel, query, for: handle)
            server.watch()
        } catch {
            hit(error == .full ? .subscriptionsInAll : .subscriptionsPerWord)
            throw error.wireError
        }
    }

    /// Without names, all of them; each is confirmed, the unknown too, and nothing as null.
    func unsubscribe(_ names: [Bytes]) {
        let leaving = names.isEmpty ? subscriptions.sorted { $0.lexicographicallyPrecedes($1) } : names
        for name in leaving {
            if subscriptions.remove(name) != nil { server.subscriptions.remove(name, for: handle) }
            confirm("unsubscribe", name)
        }
        if leaving.isEmpty { confirm("unsubscribe", nil) }
        server.watch()
    }

    func unsubscribeAll() {
        guard !subscriptions.isEmpty else { return }
        for name in subscriptions { server.subscriptions.remove(name, for: handle) }
        subscriptions.removeAll()
        server.watch()
    }

    func writeMessage(_ channel: Bytes, _ payload: Bytes) {
        writer.push(3)
        writer.bulk("message")
        writer.bulk(channel)
        writer.bulk(payload)
    }

    private func confirm(_ what: StaticString, _ name: Bytes?) {
        writer.push(3)
        writer.bulk(what)
        if let name { writer.bulk(name) } else { writer.null() }
        writer.integer(subscriptions.count)
    }
}

extension SubscriptionTable.Refusal {
    fileprivate var wireError: WireError {
        switch self {
        case .crowded: WireError("SUBSCRIBE: too many others wait for the same words; add a rarer one")
        case .full: WireError("SUBSCRIBE: the index has as many subscriptions as it may")
        }
    }
}
