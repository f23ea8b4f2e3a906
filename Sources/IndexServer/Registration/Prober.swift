package import P2PProtocol
package import P2PRuntime

/// Asks a peer's registered port to prove itself: only the holder of the registration's token can answer the nonce. What
/// answered is told to nobody but as yes or no.
package struct Prober: Sendable {
    /// Seconds after the registration at which the port is asked, until one answer is right.
    private static let attempts: [Duration] = [.zero, .milliseconds(200), .seconds(1), .seconds(5)]
    private static let patience: Duration = .seconds(5)

    package init() {}

    /// Runs on `loop`, from `start` on (nil: never), encrypted if the peer gave a certificate; true as soon as one
    /// attempt succeeds, false when none did or `isStillWanted` says no.
    package func prove(
        _ endpoint: Endpoint, pin: Digest?, token: Bytes, from start: Moment?, on loop: EventLoop,
        isStillWanted: @escaping @Sendable () -> Bool
    ) async -> Bool {
        guard let start else { return false }
        let point = WaitPoint(on: loop)
        defer { point.detach() }
        for attempt in Self.attempts {
            let due = start + attempt
            while Moment.now < due {
                if await point.sleep(until: due).contains(.shutdown) { return false }
            }
            guard isStillWanted() else { return false }
            if await ask(endpoint, pin: pin, token: token, on: loop) { return true }
        }
        return false
    }

    private func ask(_ endpoint: Endpoint, pin: Digest?, token: Bytes, on loop: EventLoop) async -> Bool {
        let deadline = Moment.now + Self.patience
        guard let random = try? RandomBytes.make(16),
            var client = try? await HTTPClient(to: endpoint, pin: pin, on: loop, until: deadline)
        else { return false }
        let nonce = PortProof.nonce(for: token, random: random)
        let request = RequestHead(
            .get, PeerRoute.ping(nonce: nonce).target, host: Bytes(endpoint.description.utf8))
        guard let head = try? await client.ask(request, until: deadline),
            BodyAnswer.judge(head, wholeOf: Digest.hexCount) == .body(count: Digest.hexCount, excess: 0),
            let answer = try? await client.readBody(Digest.hexCount, until: deadline)
        else { return false }
        return PortProof.accepts(answer, token: token, nonce: nonce)
    }
}
