/// Tells from the first bytes of a connection what is spoken on it, so that one port serves all.
package enum ProtocolSniffer {
    /// What a connection speaks.
    package enum Verdict: Equatable, Sendable {
        /// The bytes so far could be the beginning of a request and of a command.
        case needMore
        case tls
        case http
        case resp
    }

    /// Judges everything that has arrived so far. HTTP is a method, a path and ` HTTP/` on one line; whatever can no
    /// longer become that is RESP at once, so that a command never waits for bytes that will not come.
    package static func sniff(_ bytes: Span<UInt8>, limits: Limits = .standard) -> Verdict {
        guard !bytes.isEmpty else { return .needMore }
        if bytes[0] == tlsHandshake { return .tls }
        let seen = Bytes(bytes.extracting(first: limits.targetBytes))
        switch target(of: seen) {
        case .needMore: return .needMore
        case .start(let start):
            if isRequestLine(seen[start...]) { return .http }
            if seen.contains(HTTPGrammar.lineFeed) { return .resp }
            // A line this long is refused either way; HTTP has an answer for it.
            return seen.count < limits.targetBytes ? .needMore : .http
        case .none: return .resp
        }
    }

    private enum TargetStart {
        case needMore
        case start(Int)
        case none
    }

    /// Where the target begins, when a method and a space stand before it and it looks like one.
    private static func target(of bytes: Bytes) -> TargetStart {
        for method in methods {
            let prefix = Bytes(method.utf8) + [HTTPGrammar.space]
            if bytes.count <= prefix.count {
                if prefix.starts(with: bytes) { return .needMore }
            } else if bytes.starts(with: prefix) {
                return looksLikeTarget(bytes[prefix.count...], of: method)
            }
        }
        return .none
    }

    private static func looksLikeTarget(_ text: ArraySlice<UInt8>, of method: String) -> TargetStart {
        if text.first == HTTPGrammar.slash || method == HTTPMethod.connect.rawValue { return .start(text.startIndex) }
        if text.first == UInt8(ascii: "*") { return .start(text.startIndex) }
        for scheme: StaticString in ["http://", "https://"] {
            if HTTPGrammar.hasPrefix(text, scheme) { return .start(text.startIndex) }
            let length = min(text.count, scheme.utf8CodeUnitCount)
            let beginning = Bytes(ascii: scheme).prefix(length)
            if text.count < scheme.utf8CodeUnitCount, text.map(HTTPGrammar.lowercased) == Bytes(beginning) {
                return .needMore
            }
        }
        return .none
    }

    private static func isRequestLine(_ rest: ArraySlice<UInt8>) -> Bool {
        let line = rest.prefix { $0 != HTTPGrammar.lineFeed }
        let mark = Bytes(ascii: " HTTP/")
        return line.indices.contains { line[$0] == mark[0] && line[$0...].starts(with: mark) }
    }

    /// The first byte of a TLS record that carries a handshake.
    private static let tlsHandshake: UInt8 = 0x16
    /// PRI opens HTTP/2, which deserves an answer in HTTP (505) rather than one in RESP.
    private static let methods = HTTPMethod.allCases.map(\.rawValue) + ["PRI"]
}
