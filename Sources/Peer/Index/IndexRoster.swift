package import P2PProtocol
package import P2PRuntime
internal import Synchronization

/// The memberships of a running peer: at every server that it was told about.
package final class IndexRoster: Sendable {
    private struct State {
        var memberships: [IndexMembership] = []
        /// Makes a membership at a server, which begins when it is run.
        var make: (@Sendable (ServerAddress) -> IndexMembership)?
    }

    private let state = Mutex(State())

    package init() {}

    /// To be called once, before anybody asks.
    package func set(
        _ servers: [ServerAddress], _ make: @escaping @Sendable (ServerAddress) -> IndexMembership
    ) {
        let memberships = servers.map(make)
        state.withLock { $0 = State(memberships: memberships, make: make) }
    }

    package var memberships: [IndexMembership] { state.withLock { $0.memberships } }

    package var servers: [ServerAddress] { memberships.map(\.server) }

    /// Whether ids need no server beside them.
    package var isSingle: Bool { memberships.count == 1 }

    /// Joins those that are new, and leaves those that are wanted no longer; returns when each of the new ones has
    /// answered or failed once.
    package func change(to servers: [ServerAddress]) async {
        let (new, old) = state.withLock { state -> ([IndexMembership], [IndexMembership]) in
            // One that is known by another certificate now is joined anew.
            let wanted = Set(servers.map(\.text))
            let kept = state.memberships.filter { wanted.contains($0.server.text) }
            let old = state.memberships.filter { !wanted.contains($0.server.text) }
            let new = servers.filter { server in !kept.contains { $0.server == server } }
                .compactMap { state.make?($0) }
            let all = kept + new
            state.memberships = servers.compactMap { server in all.first { $0.server == server } }
            return (new, old)
        }
        for membership in new { Task { await membership.run() } }
        for membership in old { await membership.leave() }
        for membership in new { await membership.firstAttempt() }
    }

    /// Begins anew where we were refused, after something about us has changed.
    package func rejoin(_ refused: [ServerAddress]) async {
        let all = servers
        await change(to: all.filter { !refused.contains($0) })
        await change(to: all)
    }

    /// The servers as they can be asked just now.
    package var group: IndexGroup { IndexGroup(memberships.map(\.link)) }

    /// Begins to join all of them, and waits until each has answered or failed once.
    package func join() async {
        for membership in memberships {
            Task { await membership.run() }
        }
        for membership in memberships { await membership.firstAttempt() }
    }

    /// Says goodbye everywhere.
    package func leave() async {
        await withTaskGroup(of: Void.self) { group in
            for membership in memberships { group.addTask { await membership.leave() } }
        }
    }

    /// The registration at a server; nil while there is none.
    package func standing(at server: ServerAddress) -> IndexMembership.Standing? {
        memberships.first { $0.server == server }?.standing
    }

    /// Whether a holder is this peer itself.
    package func isSelf(_ holder: Holder) -> Bool {
        standing(at: holder.server)?.registration.id == holder.source.id
    }

    /// Whether a content has changed hands: the index that the taker names lists the taker and not us. The name comes
    /// from a stranger, so only servers of our own are asked; with one alone its name does not matter, which may be
    /// another here than there.
    package func verify(_ root: Digest, for taker: HandoffTaker) async -> HandoffVerdict {
        let named = memberships.first { Bytes($0.server.description.utf8) == taker.server }
        let only = memberships.count == 1 ? memberships.first : nil
        guard let standing = (named ?? only)?.standing else { return .unknown }
        let page = Page(limit: Limits.standard.pageMaximum)
        guard let sources = try? await standing.connection.sources(of: .root(root), page: page) else { return .unknown }
        let holders = Set(sources.entries.map(\.id))
        return holders.contains(taker.id) && !holders.contains(standing.registration.id) ? .settled : .notYet
    }
}

extension IndexRoster {
    /// What was found, without this peer itself among those who have it; contents that nobody else has are left out.
    package func others(_ contents: [FoundContent]) -> [FoundContent] {
        contents.compactMap { content in
            let holders = content.holders.filter { !isSelf($0) }
            guard holders.count < content.holders.count else { return content }
            guard !holders.isEmpty else { return nil }
            return FoundContent(
                name: content.name, size: content.size, root: content.root, holders: holders,
                count: content.count - (content.holders.count - holders.count))
        }
    }
}
