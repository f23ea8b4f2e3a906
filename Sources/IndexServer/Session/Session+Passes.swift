internal import P2PProtocol
internal import P2PRuntime

/// TICKET: passes to those who give to members only.
extension Session {
    func sign(_ request: TicketRequest) throws(WireError) {
        guard let office = server.passes else {
            throw WireError("TICKET: this index is open, its peers give without a pass")
        }
        guard let account else { throw .noAccount }
        guard server.engine.read({ $0.peer(request.giver) != nil }) else {
            throw WireError("TICKET: no peer \(request.giver) is registered")
        }
        let scope = request.root.map { Ticket.Scope.content($0) } ?? .share
        // Who is not registered is known by the connection: no id is below zero.
        let taker = registration?.id ?? -handle.id
        do throws(PassOffice.Refusal) {
            writer.bulk(
                try office.sign(
                    scope, giver: request.giver, taker: taker, of: account.name, now: Int(WallClock.now.milliseconds),
                    if: { server.desk.isCurrent(account) }))
        } catch {
            guard error != .revoked else { throw .noAccount }
            throw WireError("TICKET: too many peers of this account have passes, try again later")
        }
    }

    /// Tells somebody who has just begun to listen which passes are not to be taken. Not as letters, of which only so
    /// many may wait.
    func repeatRevocations() {
        for revocation in server.passes?.revocations(now: Int(WallClock.now.milliseconds)) ?? [] {
            let event = EngineEvent.revoked(
                account: revocation.account, taker: revocation.taker, expiry: revocation.expiry)
            writeMessage(Channel.revoked.name, EventPayload(event).json)
        }
    }

    /// The key that givers check passes with, or null where nobody needs any.
    func writeKey() {
        if let office = server.passes { writer.bulk(Hex.encode(office.verifier.bytes)) } else { writer.null() }
    }
}
