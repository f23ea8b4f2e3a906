internal import P2PProtocol
internal import P2PRuntime
internal import Synchronization

/// What can be played just now, each under a token that nobody can guess: who has the URL may listen, and no page that
/// a browser shows beside it.
final class PlaybackDesk: Sendable {
    /// The oldest is forgotten first.
    private static let most = 64

    private struct State {
        var endpoint: Endpoint?
        var playbacks: [(token: Bytes, playback: Playback)] = []
    }

    private let state = Mutex(State())

    /// The address under which a content can be played from now on. `listen` opens the port, which is done once.
    func url(for playback: Playback, _ listen: () throws -> Endpoint) throws -> Bytes {
        // 128 bits: short enough for the address to stand on one line, with a name that is not long.
        let token = Hex.encode(try RandomBytes.make(16))
        let endpoint = try state.withLock { state in
            let endpoint = try state.endpoint ?? listen()
            state.endpoint = endpoint
            state.playbacks.append((token, playback))
            if state.playbacks.count > Self.most { state.playbacks.removeFirst() }
            return endpoint
        }
        let name = PercentEncoding.encode(LocalName(component: Path.lastComponent(of: playback.name)).bytes)
        return Bytes("http://\(endpoint)/stream/".utf8) + token + [UInt8(ascii: "/")] + name
    }

    /// The one with this token. All are compared, so that the time says nothing either.
    func playback(_ token: Bytes) -> Playback? {
        let playbacks = state.withLock { $0.playbacks }
        return playbacks.filter { Secret.matches(token, $0.token) }.first?.playback
    }

    /// Whether a Host field names us: exactly, so that no other name that was made to lead here is a way in.
    func isOurs(_ host: Bytes) -> Bool {
        guard let endpoint = state.withLock({ $0.endpoint }) else { return false }
        return ["\(endpoint)", "localhost:\(endpoint.port)"].contains { Bytes($0.utf8) == host }
    }
}
