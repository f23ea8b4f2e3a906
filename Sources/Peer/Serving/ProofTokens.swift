package import P2PProtocol
package import P2PRuntime
internal import Synchronization

/// The tokens of this peer's registrations, with which it proves to each index that its port is its own
/// (`GET /ping?nonce=`).
package final class ProofTokens: Sendable {
    private struct Registration {
        let server: ServerAddress
        let address: IPAddress?
        let token: Bytes
    }

    /// In the order in which they were made.
    private let registrations = Mutex<[Registration]>([])

    package init() {}

    /// Notes the token that a server has just given, and the address at which we reached the server.
    package func set(_ token: Bytes, of server: ServerAddress, at address: IPAddress?) {
        let fresh = Registration(server: server, address: address, token: token)
        registrations.withLock { registrations in
            registrations.removeAll { $0.server == server }
            registrations.append(fresh)
        }
    }

    /// Forgets a server at which this peer is no longer registered.
    package func remove(_ server: ServerAddress) {
        registrations.withLock { registrations in registrations.removeAll { $0.server == server } }
    }

    /// The answer to a nonce; nil before the first registration.
    package func answer(to nonce: Bytes, from asker: IPAddress) -> Bytes? {
        token(for: nonce, from: asker).map { PortProof.answer(token: $0, nonce: nonce) }
    }

    /// The token that is meant: the one that the nonce points to, else that of the server at the asker's address,
    /// else the newest.
    private func token(for nonce: Bytes, from asker: IPAddress) -> Bytes? {
        let known = registrations.withLock { $0 }
        let meant =
            known.last { PortProof.isMeant(nonce, for: $0.token) } ?? known.last { $0.address == asker } ?? known.last
        return meant?.token
    }
}
