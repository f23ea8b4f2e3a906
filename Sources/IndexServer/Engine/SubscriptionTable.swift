package import P2PProtocol

/// Who waits for which query to find something. Equal queries are matched once, however many wait, and a file is tried
/// against those only that hang on a word, a name or another anchor that it has.
package struct SubscriptionTable: Sendable {
    /// A subscriber: a connection's number.
    package typealias SubscriberID = Int

    /// Why a query cannot wait here.
    package enum Refusal: Error, Equatable {
        /// Too many wait for each of the words that it could hang on.
        case crowded
        case full
    }

    private struct Subscription: Hashable {
        let subscriber: SubscriberID
        /// The channel as it was typed, which the message repeats.
        let channel: Bytes
    }

    private struct Waiting {
        let anchors: [QueryAnchor]
        /// Each with the number of the first event that is told to it.
        var subscriptions: [Subscription: Int]
    }

    /// What a subscription takes up beside its text.
    private static let fixedBytes = 256
    /// Up to so many queries on one anchor, the rarer one is chosen; beyond, the less crowded.
    private static let roomy = 8

    private let limits: Limits
    private var waiting: [Query: Waiting] = [:]
    private var byAnchor: [QueryAnchor: Set<Query>] = [:]
    /// How many anchors are beginnings of words of each length.
    private var prefixes = [Int](repeating: 0, count: QueryAnchor.prefixBytes + 1)
    private var channels: [SubscriberID: [Bytes: Query]] = [:]
    private var byteCount = 0

    package init(limits: Limits = .standard) { self.limits = limits }

    package var isEmpty: Bool { waiting.isEmpty }

    /// How many channels a subscriber listens to.
    package func count(of subscriber: SubscriberID) -> Int { channels[subscriber]?.count ?? 0 }

    /// Adds a subscription to the events from number `since` on; false when it was there.
    @discardableResult
    package mutating func subscribe(
        _ subscriber: SubscriberID, to channel: Bytes, _ query: Query, since: Int = 0
    ) throws(Refusal) -> Bool {
        guard channels[subscriber]?[channel] == nil else { return false }
        let cost = channel.count + Self.fixedBytes
        guard byteCount <= limits.subscriptionBytes - cost else { throw .full }
        let subscription = Subscription(subscriber: subscriber, channel: channel)
        if waiting[query] == nil {
            let anchors = try roomiest(QueryAnchor.choices(for: query))
            waiting[query] = Waiting(anchors: anchors, subscriptions: [subscription: since])
            for anchor in anchors { hang(query, on: anchor) }
        } else {
            waiting[query]?.subscriptions[subscription] = since
        }
        channels[subscriber, default: [:]][channel] = query
        byteCount += cost
        return true
    }

    /// Ends one subscription; false when there was none.
    @discardableResult
    package mutating func unsubscribe(_ subscriber: SubscriberID, from channel: Bytes) -> Bool {
        guard let query = channels[subscriber]?.removeValue(forKey: channel) else { return false }
        byteCount -= channel.count + Self.fixedBytes
        if channels[subscriber]?.isEmpty == true { channels[subscriber] = nil }
        waiting[query]?.subscriptions[Subscription(subscriber: subscriber, channel: channel)] = nil
        guard let left = waiting[query], left.subscriptions.isEmpty else { return true }
        waiting[query] = nil
        for anchor in left.anchors { take(query, off: anchor) }
        return true
    }

    /// Ends all subscriptions of a connection, and says which channels they were.
    @discardableResult
    package mutating func removeAll(of subscriber: SubscriberID) -> [Bytes] {
        let all = (channels[subscriber] ?? [:]).keys.sorted { $0.lexicographicallyPrecedes($1) }
        for channel in all { unsubscribe(subscriber, from: channel) }
        return all
    }

    /// Everybody whose query the file meets, with the channel to tell it on; `event` is its number. Says how many
    /// queries were tried.
    @discardableResult
    package func forEachMatch(
        _ file: FoundFile, event: Int = .max, _ body: (SubscriberID, _ channel: Bytes) -> Void
    ) -> Int {
        guard !waiting.isEmpty else { return 0 }
        let subject = QuerySubject(name: file.name, size: file.size, root: file.root, peers: [file.source.id])
        let lengths = prefixes.indices.filter { prefixes[$0] > 0 }
        var tried = 0
        for anchor in QueryAnchor.anchors(of: subject, prefixesOf: lengths) {
            guard let queries = byAnchor[anchor] else { continue }
            tried += queries.count
            // A query may hang on several extensions, but a file has one: nobody is told twice.
            for query in queries where query.matches(subject) {
                for (subscription, since) in waiting[query]?.subscriptions ?? [:] where since <= event {
                    body(subscription.subscriber, subscription.channel)
                }
            }
        }
        return tried
    }

    private mutating func hang(_ query: Query, on anchor: QueryAnchor) {
        if byAnchor[anchor] == nil, let length = anchor.prefixLength { prefixes[length] += 1 }
        byAnchor[anchor, default: []].insert(query)
    }

    private mutating func take(_ query: Query, off anchor: QueryAnchor) {
        byAnchor[anchor]?.remove(query)
        guard byAnchor[anchor]?.isEmpty == true else { return }
        byAnchor[anchor] = nil
        if let length = anchor.prefixLength { prefixes[length] -= 1 }
    }

    /// Of the sets that the query may hang on, the one on which fewest hang already, and then the rarest.
    private func roomiest(_ choices: [[QueryAnchor]]) throws(Refusal) -> [QueryAnchor] {
        var best: (anchors: [QueryAnchor], crowd: Int, rarity: Int)?
        for anchors in choices {
            let crowd = anchors.map { byAnchor[$0]?.count ?? 0 }.max() ?? 0
            guard crowd < limits.subscriptionsPerAnchor else { continue }
            let rarity = anchors.map(\.rarity).min() ?? 0
            if let best, (best.crowd / Self.roomy, -best.rarity) <= (crowd / Self.roomy, -rarity) { continue }
            best = (anchors, crowd, rarity)
        }
        guard let best else { throw .crowded }
        return best.anchors
    }
}
