internal import P2PProtocol
internal import P2PRuntime

/// How one asker sees the hosts of others.
final class SourceView {
    private let asker: IPAddress
    /// Our address on the asker's connection; not asked for where it would make no difference.
    private let reachedAt: IPAddress?
    private let reachedAtText: Bytes

    convenience init(of stream: Stream) {
        let asker = stream.remote.address
        self.init(asker: asker, reachedAt: asker.isLoopback ? nil : stream.local?.address)
    }

    init(asker: IPAddress, reachedAt address: IPAddress?) {
        self.asker = asker
        reachedAt = asker.isLoopback ? nil : address
        reachedAtText = reachedAt?.text ?? []
    }

    /// Whether no host is replaced for this asker.
    var showsHostsAsListed: Bool { reachedAt == nil }

    func host(_ host: IPAddress, _ text: Bytes) -> Bytes {
        guard reachedAt != nil, AddressPolicy.shown(host, to: asker, reachedAt: reachedAt) != host else { return text }
        return reachedAtText
    }
}
