internal import P2PProtocol
internal import P2PRuntime
internal import Synchronization

/// What `peer stream` is to play, and how its user hears of it.
struct StreamOrder: Sendable {
    let file: GetCommand.Order
    /// Nil where the user opens the address themselves.
    let player: Player?

    init(_ invocation: Invocation) throws(Misuse) {
        file = try GetCommand.Order(invocation)
        guard let text = invocation.value(of: "--player") else {
            player = nil
            return
        }
        player = try Player(text)
    }

    /// The one content that is meant; of a link, which most people say is the right size.
    func choose(_ found: [FoundContent]) async -> FoundContent? {
        if file.isLink { return found.max { $0.count < $1.count } }
        guard let chosen = await file.choose(found) else { return nil }
        guard chosen.count == 1 else {
            complain("one at a time can be played")
            return nil
        }
        return chosen[0]
    }

    /// Tells where it plays: the first line on standard output.
    func announce(_ url: Bytes) {
        let json = JSON.object([JSON.Member("url", .string(url))])
        StandardOutput.write((file.isJSON ? json.encoded() : url) + [UInt8(ascii: "\n")])
    }
}

/// `peer stream` where no peer runs: it downloads and serves the player itself, for as long as the player wants.
struct StreamCommand {
    let application: PeerApplication
    let order: StreamOrder

    func run() async -> ExitCode {
        _ = await application.join()
        let answer = await application.roster.group.search(order.file.query, limit: Limits.standard.pageMaximum)
        for complaint in answer.complaints { complain(complaint) }
        guard !answer.isEmpty else { return .failed }
        let found = order.file.wanted(answer.merged)
        guard !found.isEmpty else {
            complain("not found")
            return .notFound
        }
        guard let content = await order.choose(found) else { return .misuse }
        do {
            return try await play(content)
        } catch {
            complain("\(display(content.name)): \(error)")
            return .failed
        }
    }

    private func play(_ content: FoundContent) async throws -> ExitCode {
        guard let root = content.root, let size = content.size else {
            throw PeerFailure(content.obstacle ?? "it cannot be played")
        }
        let own = await application.ownCopy(of: root, size: size)
        if own == nil, let obstacle = content.obstacle { throw PeerFailure(obstacle) }
        let state = Whereabouts(own.map { .here($0) } ?? .coming)
        application.fetcher.unfinished.position(of: root).byte = 0
        let playback = Playback(root: root, size: size, name: content.name) { state.value }
        let url = try application.url(for: playback)
        order.announce(url)
        let fetching = Task { own == nil ? await fetch(content, state) : .done }
        guard let player = order.player else {
            guard await fetching.value == .done else { return .failed }
            return await Self.waitForCtrlC()
        }
        let code = try await player.play(url)
        fetching.cancel()
        if await fetching.value != .done {
            complain("what has arrived is kept: peer get rookery:\(root) brings the rest")
        }
        return code
    }

    /// Fetches it meanwhile. What a player says on the terminal is not drawn over.
    private func fetch(_ content: FoundContent, _ state: Whereabouts) async -> ExitCode {
        let display = ProgressDisplay(Path.lastComponent(of: content.name))
        let isQuiet = order.player != nil
        defer { display.finish() }
        do {
            let fetched = try await application.fetcher.fetch(content, from: order.file.giver) { progress in
                if !isQuiet { display.show(progress) }
            }
            state.value = .here(fetched.path)
            display.finish()
            complain("it is complete: \(P2PProtocol.display(fetched.path))")
            for warning in fetched.warnings { complain(warning) }
            return .done
        } catch {
            state.value = .lost
            display.finish()
            if !Task.isCancelled { complain("\(P2PProtocol.display(content.name)): \(error)") }
            return .failed
        }
    }

    /// The player may come, seek and come again for as long as its user likes.
    static func waitForCtrlC() async -> ExitCode {
        while true { try? await Task.sleep(for: .seconds(86_400)) }
    }

    /// What has become of it, for whoever serves the player.
    private final class Whereabouts: Sendable {
        private let state: Mutex<Playback.Whereabouts>

        init(_ value: Playback.Whereabouts) { state = Mutex(value) }

        var value: Playback.Whereabouts {
            get { state.withLock { $0 } }
            set { state.withLock { $0 = newValue } }
        }
    }
}
