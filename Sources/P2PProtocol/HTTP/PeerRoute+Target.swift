extension PeerRoute {
    /// The target that a request for this route carries.
    package var target: RequestTarget {
        switch self {
        case .content(let root, let name): Self.target("/content/", root, name: name)
        case .pieces(let root): Self.target("/pieces/", root)
        case .have(let root): Self.target("/have/", root)
        case .sharePage(let path, let cursor): Self.target(Bytes(ascii: "/"), ["path": path, "cursor": cursor])
        case .shareList(let path, let cursor):
            Self.target(Bytes(ascii: "/share.json"), ["path": path, "cursor": cursor])
        case .metrics: Self.target(Bytes(ascii: "/metrics"))
        case .ping(let nonce): Self.target(Bytes(ascii: "/ping"), ["nonce": nonce])
        case .handoff(let root, let taker):
            Self.target(Bytes(ascii: "/handoff/") + root.hex, ["taker": taker.bytes])
        }
    }

    private static func target(_ collection: StaticString, _ root: Digest, name: Bytes? = nil) -> RequestTarget {
        let suffix = name.map { [HTTPGrammar.slash] + PercentEncoding.encode($0) } ?? []
        return target(Bytes(ascii: collection) + root.hex + suffix)
    }

    /// Items without a value, and an empty path, are what is meant when they are left out.
    private static func target(_ path: Bytes, _ items: KeyValuePairs<String, Bytes?> = [:]) -> RequestTarget {
        var text = path
        var separator = UInt8(ascii: "?")
        for case (let name, let value?) in items where !value.isEmpty {
            text += [separator] + Bytes(name.utf8) + [UInt8(ascii: "=")] + PercentEncoding.encode(value)
            separator = UInt8(ascii: "&")
        }
        return RequestTarget(origin: text[...])
    }
}
