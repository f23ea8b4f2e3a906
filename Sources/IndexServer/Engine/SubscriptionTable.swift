package import P2PProtocol

/// Who waits for which query to find something. Equal queries are matched once, however many wait.
package struct SubscriptionTable: Sendable {
    /// A subscriber: a connection's number.
    package typealias SubscriberID = Int

    private struct Subscription: Hashable {
        let subscriber: SubscriberID
        /// The channel as it was typed, which the message repeats.
        let channel: Bytes
    }

    private var waiting: [Query: Set<Subscription>] = [:]
    private var channels: [SubscriberID: [Bytes: Query]] = [:]

    package init() {}

    package var isEmpty: Bool { waiting.isEmpty }

    /// How many channels a subscriber listens to.
    package func count(of subscriber: SubscriberID) -> Int { channels[subscriber]?.count ?? 0 }

    /// Adds a subscription; false when it was there.
    @discardableResult
    package mutating func subscribe(_ subscriber: SubscriberID, to channel: Bytes, _ query: Query) -> Bool {
        guard channels[subscriber]?[channel] == nil else { return false }
        channels[subscriber, default: [:]][channel] = query
        waiting[query, default: []].insert(Subscription(subscriber: subscriber, channel: channel))
        return true
    }

    /// Ends one subscription; false when there was none.
    @discardableResult
    package mutating func unsubscribe(_ subscriber: SubscriberID, from channel: Bytes) -> Bool {
        guard let query = channels[subscriber]?.removeValue(forKey: channel) else { return false }
        if channels[subscriber]?.isEmpty == true { channels[subscriber] = nil }
        waiting[query]?.remove(Subscription(subscriber: subscriber, channel: channel))
        if waiting[query]?.isEmpty == true { waiting[query] = nil }
        return true
    }

    /// Ends all subscriptions of a connection, and says which channels they were.
    @discardableResult
    package mutating func removeAll(of subscriber: SubscriberID) -> [Bytes] {
        let all = (channels[subscriber] ?? [:]).keys.sorted { $0.lexicographicallyPrecedes($1) }
        for channel in all { unsubscribe(subscriber, from: channel) }
        return all
    }

    /// Everybody whose query the file meets, with the channel to tell it on.
    package func forEachMatch(_ file: FoundFile, _ body: (SubscriberID, _ channel: Bytes) -> Void) {
        guard !waiting.isEmpty else { return }
        let subject = QuerySubject(name: file.name, size: file.size, root: file.root, peers: [file.source.id])
        for (query, subscriptions) in waiting where query.matches(subject) {
            for subscription in subscriptions { body(subscription.subscriber, subscription.channel) }
        }
    }
}
