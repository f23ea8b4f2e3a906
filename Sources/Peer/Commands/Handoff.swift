internal import P2PProtocol
internal import P2PRuntime

/// The taker's side of a move: tells the giver that the file has arrived, again and again until it answers that its
/// own copy is out of the share.
struct Handoff: Sendable {
    private static let attempts = 8
    private static let patience: Duration = .seconds(5)

    let root: Digest
    let taker: HandoffTaker
    let giver: Endpoint

    /// Nil when it is done, else why not.
    func run(on loop: EventLoop) async -> String? {
        await withTaskExecutorPreference(loop) {
            var obstacle: String?
            var pause: Duration = .milliseconds(100)
            for _ in 0..<Self.attempts {
                switch await ask(on: loop) {
                case .success(.noContent): return nil
                case .success(.forbidden): return "it does not give files away"
                case .success(let status): obstacle = "it answered \(status)"
                case .failure(let failure): obstacle = failure.description
                }
                try? await Task.sleep(for: pause)
                pause = min(pause * 2, .seconds(3))
            }
            return obstacle
        }
    }

    /// One attempt.
    func ask(on loop: EventLoop) async -> Result<HTTPStatus, PeerFailure> {
        do {
            var client = try await HTTPClient(to: giver, on: loop, until: .now + Self.patience)
            let target = PeerRoute.handoff(root, taker: taker).target
            let request = RequestHead(.post, target, host: Bytes(giver.description.utf8))
            return .success(try await client.ask(request, until: .now + Self.patience).status)
        } catch {
            return .failure(PeerFailure("\(error)"))
        }
    }
}
