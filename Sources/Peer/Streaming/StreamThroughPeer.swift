internal import P2PProtocol
internal import P2PRuntime

/// `peer stream` where a peer runs: that one downloads and serves the player.
struct StreamThroughPeer {
    private static let glance: Duration = .milliseconds(300)

    let client: ControlClient
    let order: StreamOrder

    func run() async throws -> ExitCode {
        let document = try await client.ask(.inquiry(.search(order.file.query)))
        for complaint in Inquiry.complaints(document) { complain(complaint) }
        guard Inquiry.isAnswered(document) else { return .failed }
        let found = order.file.wanted((document["hits"]?.array ?? []).compactMap { FoundContent($0) })
        guard !found.isEmpty else {
            complain("not found")
            return .notFound
        }
        guard let content = await order.choose(found) else { return .misuse }
        return try await play(content)
    }

    private func play(_ content: FoundContent) async throws -> ExitCode {
        guard let root = content.root, let size = content.size else {
            throw PeerFailure(content.obstacle ?? "it cannot be played")
        }
        let wanted = TransferOrder(
            root: root, size: size, name: content.name, giver: order.file.giver, target: try order.file.absoluteTarget)
        let body = JSON.object([JSON.Member("orders", .array([wanted.json]))]).encoded()
        let answer = try await client.ask(.play, body)
        guard let url = answer["url"]?.string else { throw PeerFailure("the running peer gave no address") }
        order.announce(url)
        guard let player = order.player else {
            if let number = answer["transfer"]?.integer { try await watch(number, content) }
            return await StreamCommand.waitForCtrlC()
        }
        return try await player.play(url)
    }

    /// Shows how far it is until it is here. Where the transfer ends otherwise there is nothing to play any more.
    private func watch(_ number: Int, _ content: FoundContent) async throws {
        let display = ProgressDisplay(Path.lastComponent(of: content.name))
        defer { display.finish() }
        while let report = try await client.transfers(.transfer(number)).first, !report.isDone {
            guard !report.isFailed else { throw PeerFailure(P2PProtocol.display(report.reason ?? [])) }
            display.show(
                Transfer.Progress(
                    done: report.done, bytesPerSecond: report.bytesPerSecond, sources: report.sources),
                of: report.size)
            try await Task.sleep(for: Self.glance)
        }
        display.finish()
        complain("it is complete")
    }
}
