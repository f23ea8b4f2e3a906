extension Login {
    /// What `Authorization: Basic …` carries (RFC 7617); nil when it carries nothing of that kind.
    package init?(basic value: Bytes, limits: Limits = .standard) {
        let parts = value.split(separator: UInt8(ascii: " "), maxSplits: 1)
        guard parts.count == 2, HTTPGrammar.matches(Bytes(parts[0]), "Basic"),
            parts[1].count <= 2 * (limits.labelBytes + limits.nameBytes),
            let text = Base64.standard.decode(parts[1].drop { $0 == UInt8(ascii: " ") }),
            let colon = text.firstIndex(of: UInt8(ascii: ":"))
        else { return nil }
        self.init(user: Bytes(text[..<colon]), password: Bytes(text[(colon + 1)...]))
    }
}
