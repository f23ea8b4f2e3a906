/// What can be subscribed to.
package enum Channel: Hashable, Sendable {
    /// Contents that match a query, `search:<query>`; `Query` reads it.
    case search(Bytes)
    /// Peers that come and go, and accounts that were removed or changed.
    case peers
    /// The accounts alone: what givers have to hear.
    case revoked

    private static let searchPrefix = Bytes(ascii: "search:")

    /// A channel by its name; nil when there is none of that name.
    package init?(_ name: Bytes) {
        if name == Bytes(ascii: "peers") {
            self = .peers
        } else if name == Bytes(ascii: "revoked") {
            self = .revoked
        } else if name.starts(with: Self.searchPrefix) {
            self = .search(Bytes(name[Self.searchPrefix.count...]))
        } else {
            return nil
        }
    }

    /// The channel's name as it was typed.
    package var name: Bytes {
        switch self {
        case .search(let query): Self.searchPrefix + query
        case .peers: Bytes(ascii: "peers")
        case .revoked: Bytes(ascii: "revoked")
        }
    }
}

extension CommandReader {
    mutating func channels() throws(WireError) -> [Channel] {
        var channels: [Channel] = []
        while let text = next() {
            guard text.count <= limits.queryBytes else {
                throw fault("query is longer than \(limits.queryBytes) bytes")
            }
            guard let channel = Channel(Bytes(text)) else {
                throw fault("channel '\(WireError.excerpt(of: text))' is none of peers, revoked and search:<query>")
            }
            channels.append(channel)
        }
        return channels
    }
}
