internal import P2PProtocol
package import P2PRuntime
internal import Synchronization

/// The passes that this peer has to what others give: asked of the index that named the giver, and kept for as long as
/// they are good for a while.
package final class PassBook: Sendable {
    private struct Key: Hashable {
        let giver: PeerReference
        let root: Digest
    }

    private static let most = 16_384

    private let standing: @Sendable (ServerAddress) -> IndexMembership.Standing?
    private let kept = Mutex<[Key: (pass: Bytes, until: Moment)]>([:])

    /// `standing` says how we are registered at an index.
    package init(_ standing: @escaping @Sendable (ServerAddress) -> IndexMembership.Standing?) {
        self.standing = standing
    }

    /// The pass to show to that peer; nil where none is needed, or none is to be had.
    func pass(to root: Digest, of giver: PeerReference) async -> Bytes? {
        await passes(to: [root], of: giver)[root]
    }

    /// The same for several contents, which are asked for in one go.
    func passes(to roots: [Digest], of giver: PeerReference) async -> [Digest: Bytes] {
        guard let standing = giver.server.flatMap(standing), let key = standing.registration.key else { return [:] }
        let now = Moment.now
        var passes: [Digest: Bytes] = [:]
        kept.withLock { kept in
            for root in roots {
                if let entry = kept[Key(giver: giver, root: root)], entry.until > now { passes[root] = entry.pass }
            }
        }
        let asked = roots.filter { passes[$0] == nil }.map { root in
            (root, standing.connection.send(.ticket(TicketRequest(root: root, giver: giver.id))))
        }
        for (root, request) in asked {
            guard let pass = try? await request.reply.bytes, let ticket = try? Ticket.read(pass, signedBy: key)
            else { continue }
            passes[root] = pass
            // For half of its life: whoever begins with it has time to ask.
            let life = ticket.expiry - standing.registration.clock(at: now)
            kept.withLock { kept in
                if kept.count >= Self.most { kept.removeAll(keepingCapacity: true) }
                kept[Key(giver: giver, root: root)] = (pass, now + .milliseconds(life / 2))
            }
        }
        return passes
    }

    /// It was refused: the next one is asked for anew.
    func forget(_ root: Digest, of giver: PeerReference) {
        kept.withLock { $0[Key(giver: giver, root: root)] = nil }
    }
}
