internal import P2PProtocol
package import P2PRuntime

/// How long other peers take to answer: measured by a `GET /ping` over a connection that stands already.
package enum Latency {
    /// Who takes longer counts as unknown: nobody waits for them.
    private static let patience: Duration = .milliseconds(400)
    /// More are not asked at a time.
    private static let most = 32

    /// Of those that answered in time.
    package static func measure(
        _ sources: some Sequence<IndexSource>, on group: LoopGroup
    ) async -> [Endpoint: Duration] {
        let asked = Dictionary(sources.compactMap { source in source.endpoint.map { ($0, source.certificate) } }) { $1 }
        return await withTaskGroup(of: (Endpoint, Duration?).self) { tasks in
            for (endpoint, certificate) in asked.prefix(most) {
                let loop = group.next()
                tasks.addTask(executorPreference: loop) { (endpoint, await measure(endpoint, certificate, on: loop)) }
            }
            var found: [Endpoint: Duration] = [:]
            for await (endpoint, latency) in tasks { found[endpoint] = latency }
            return found
        }
    }

    private static func measure(_ endpoint: Endpoint, _ pin: Digest?, on loop: EventLoop) async -> Duration? {
        let deadline = Moment.now + patience
        do {
            var client = try await HTTPClient(to: endpoint, pin: pin, on: loop, until: deadline)
            let host = Bytes(endpoint.description.utf8)
            let begun = Moment.now
            let head = try await client.ask(
                RequestHead(.get, PeerRoute.ping(nonce: nil).target, host: host), until: deadline)
            return head.status.code == 200 ? Moment.now.since(begun) : nil
        } catch {
            return nil
        }
    }
}

extension FoundContent {
    /// The same, whoever answers soonest first; the others stay in their order.
    package func measured(_ latencies: [Endpoint: Duration]) -> FoundContent {
        var content = self
        for index in content.holders.indices {
            content.holders[index].latency = holders[index].source.endpoint.flatMap { latencies[$0] }
        }
        let known = content.holders.filter { $0.latency != nil }
        let unknown = content.holders.filter { $0.latency == nil }
        content.holders = known.sorted { ($0.latency ?? .zero) < ($1.latency ?? .zero) } + unknown
        return content
    }
}
