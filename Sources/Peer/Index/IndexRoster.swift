package import P2PProtocol
package import P2PRuntime
internal import Synchronization

/// The memberships of a running peer: at every server that it was told about.
package final class IndexRoster: Sendable {
    private let joined = Mutex<[IndexMembership]>([])

    package init() {}

    /// To be called once, before anybody asks.
    package func set(_ memberships: [IndexMembership]) {
        joined.withLock { $0 = memberships }
    }

    package var memberships: [IndexMembership] { joined.withLock { $0 } }

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
