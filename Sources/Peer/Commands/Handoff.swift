internal import P2PProtocol
internal import P2PRuntime

/// The taker's side of a move: tells the giver that the file has arrived, and hears whether its own copy is out of the
/// share.
struct Handoff: Sendable {
    private static let patience: Duration = .seconds(5)

    let root: Digest
    let taker: HandoffTaker
    let giver: Endpoint
    let certificate: Digest?
    /// Where the giver wants to see one.
    let pass: Bytes?

    /// One attempt.
    func ask(on loop: EventLoop) async -> Result<HTTPStatus, PeerFailure> {
        do {
            var client = try await HTTPClient(to: giver, pin: certificate, on: loop, until: .now + Self.patience)
            let target = PeerRoute.handoff(root, taker: taker).target
            var request = RequestHead(.post, target, host: Bytes(giver.description.utf8))
            if let pass { request.show(pass) }
            return .success(try await client.ask(request, until: .now + Self.patience).status)
        } catch {
            return .failure(PeerFailure("\(error)"))
        }
    }
}
