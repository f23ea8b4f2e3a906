package import P2PProtocol
package import P2PRuntime
internal import Synchronization

/// Who may fetch from this peer: everybody, or, once an index has given it a key, who shows a pass that this index has
/// signed. Asks nobody.
package final class PassGate: Sendable {
    /// Why somebody may not.
    package enum Refusal: Error, Equatable {
        /// Without a pass nothing is told, not even what there is.
        case noPass
        /// It is not good for this, here and now.
        case badPass(String)
    }

    /// An index whose passes count.
    private struct Issuer {
        let key: VerifyingKey
        let registration: IndexRegistration
        /// Until when passes must not expire to be good no more, by taker, and of all takers.
        private var revoked: [Int: Int] = [:]
        private var floor = Int.min

        init(key: VerifyingKey, registration: IndexRegistration, after former: Issuer?) {
            (self.key, self.registration) = (key, registration)
            if let former, former.key == key { (revoked, floor) = (former.revoked, former.floor) }
        }

        mutating func revoke(_ taker: Int, until expiry: Int) {
            if revoked.count >= mostRevoked {
                let now = registration.clock(at: .now)
                revoked = revoked.filter { $0.value > now }
            }
            if revoked.count < mostRevoked {
                revoked[taker] = max(expiry, revoked[taker] ?? .min)
            } else {
                // More than can be told apart: rather too many than one too few.
                floor = max(floor, expiry)
            }
        }

        func hasRevoked(_ ticket: Ticket) -> Bool {
            ticket.expiry <= max(floor, revoked[ticket.taker] ?? .min)
        }
    }

    private struct Guest {
        let server: ServerAddress
        let ticket: Ticket
        let point: WaitPoint?
        var isRevoked = false
    }

    private struct State {
        /// Servers that are known to want members and have not told their key yet.
        var awaited: Set<ServerAddress>
        var issuers: [ServerAddress: Issuer] = [:]
        /// The program ends: nobody comes in any more for a server's having been left.
        var isFinal = false
        var guests: [Int: Guest] = [:]
        var nextGuest = 0
        /// Passes whose signatures have been looked at.
        var read: [Bytes: (server: ServerAddress, issuer: VerifyingKey, ticket: Ticket)] = [:]
    }

    private static let mostRead = 1_024
    private static let mostRevoked = 65_536

    private let state: Mutex<State>

    /// Closed for as long as one of `awaited` has not been heard.
    package init(awaiting awaited: Set<ServerAddress> = []) {
        state = Mutex(State(awaited: awaited))
    }

    // MARK: What the indexes say

    /// An index knows us, and has given its key or said that it has none.
    package func set(_ registration: IndexRegistration, at server: ServerAddress) {
        state.withLock { state in
            state.awaited.remove(server)
            guard let key = registration.key else {
                state.issuers[server] = nil
                return
            }
            // Passes of another key are of a start of the index that remembers none of those it has taken back.
            state.issuers[server] = Issuer(key: key, registration: registration, after: state.issuers[server])
        }
    }

    /// The server wants members, and we are none there.
    package func await(_ server: ServerAddress) {
        state.withLock { state in
            if state.issuers.isEmpty { state.awaited.insert(server) }
        }
    }

    /// The program ends: what is closed stays so.
    package func stay() { state.withLock { $0.isFinal = true } }

    /// The server is not used any more.
    package func forget(_ server: ServerAddress) {
        state.withLock { state in
            guard !state.isFinal else { return }
            state.awaited.remove(server)
            state.issuers[server] = nil
        }
    }

    /// A message of an index: it may take passes back. Answers that are under way to them end.
    package func hear(_ push: Reply, from server: ServerAddress) {
        guard case .push(let words) = push, words.count == 3, words[0].bytes == Bytes(ascii: "message"),
            words[1].bytes == Channel.revoked.name, let json = words[2].bytes.flatMap({ try? JSON.parse($0) }),
            let taker = json["id"]?.integer, let expiry = json["exp"]?.integer
        else { return }
        let points = state.withLock { state -> [WaitPoint] in
            state.issuers[server]?.revoke(taker, until: expiry)
            return state.guests.compactMap { number, guest in
                guard guest.server == server, guest.ticket.taker == taker, guest.ticket.expiry <= expiry else {
                    return nil
                }
                state.guests[number]?.isRevoked = true
                return guest.point
            }
        }
        for point in points { point.wake() }
    }

    // MARK: Who asks

    /// Whether anybody is asked for a pass.
    package var isClosed: Bool { state.withLock { !$0.awaited.isEmpty || !$0.issuers.isEmpty } }

    /// Lets in who may do that; nil where nobody is asked. The pass is to be held until the answer has gone.
    package func admit(
        _ request: HTTPRequest, to route: PeerRoute, now: Moment = .now
    ) throws(Refusal) -> AdmittedPass? {
        guard isClosed else { return nil }
        guard let scope = route.scope else {
            // Numbers for whoever looks after this machine.
            if route == .metrics, !request.remote.address.isLoopback { throw .noPass }
            return nil
        }
        guard let text = request.head.ticket else { throw .noPass }
        let (server, issuer, ticket) = try read(text)
        do throws(Ticket.Refusal) {
            try ticket.check(for: scope, at: issuer.registration.id, now: issuer.registration.clock(at: now))
        } catch {
            throw .badPass(error.reason)
        }
        // In one step: who is revoked a moment later is among the guests who are told.
        let number = state.withLock { state -> Int? in
            guard state.issuers[server]?.hasRevoked(ticket) == false else { return nil }
            state.nextGuest += 1
            state.guests[state.nextGuest] = Guest(server: server, ticket: ticket, point: request.point)
            return state.nextGuest
        }
        guard let number else { throw .badPass("this pass was taken back") }
        return AdmittedPass(gate: self, number: number)
    }

    /// Whose pass it is; each is verified once.
    private func read(_ text: Bytes) throws(Refusal) -> (ServerAddress, Issuer, Ticket) {
        let (known, all) = state.withLock { ($0.read[text], $0.issuers) }
        if let known, let issuer = all[known.server], issuer.key == known.issuer {
            return (known.server, issuer, known.ticket)
        }
        for (server, issuer) in all {
            guard let ticket = try? Ticket.read(text, signedBy: issuer.key) else { continue }
            state.withLock { state in
                if state.read.count >= Self.mostRead { state.read.removeAll(keepingCapacity: true) }
                state.read[text] = (server, issuer.key, ticket)
            }
            return (server, issuer, ticket)
        }
        throw .badPass(Ticket.Refusal.forged.reason)
    }

    fileprivate func isRevoked(_ guest: Int) -> Bool { state.withLock { $0.guests[guest]?.isRevoked ?? true } }
    fileprivate func leave(_ guest: Int) { state.withLock { $0.guests[guest] = nil } }
}

/// Somebody who was let in, until the answer has gone.
package final class AdmittedPass: Sendable {
    private let gate: PassGate
    private let number: Int

    fileprivate init(gate: PassGate, number: Int) { (self.gate, self.number) = (gate, number) }

    deinit { gate.leave(number) }

    /// False once the pass was taken back.
    package var isGood: Bool { !gate.isRevoked(number) }
}

extension PassGate.Refusal {
    var response: HTTPResponse {
        switch self {
        case .noPass: .withoutPass
        case .badPass(let reason): .text(.forbidden, reason)
        }
    }
}

extension HTTPResponse {
    /// The same for everything that could be asked for.
    static var withoutPass: HTTPResponse {
        var response = HTTPResponse.text(.unauthorized, "this peer gives to members only")
        response.head.fields.append("WWW-Authenticate", "Bearer")
        return response
    }
}

extension Ticket.Refusal {
    /// For whoever showed it.
    fileprivate var reason: String {
        switch self {
        case .forged: "this is no pass of an index that this peer uses"
        case .expired: "this pass has expired"
        case .otherGiver: "this pass is for another peer"
        case .otherContent: "this pass is for something else"
        }
    }
}
