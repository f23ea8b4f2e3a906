package import P2PProtocol

/// A Redis pattern of `*` and `?`, matched without recursion and in linear space, whatever a stranger makes of it.
package struct GlobPattern: Sendable {
    private let pattern: Bytes

    package init(_ pattern: Bytes) {
        // Several stars in a row say what one says, and would each be tried.
        self.pattern = pattern.reduce(into: []) { pattern, byte in
            if byte != UInt8(ascii: "*") || pattern.last != byte { pattern.append(byte) }
        }
    }

    /// Whether the whole of `text` matches, letters in either case.
    package func matches(_ text: Bytes) -> Bool {
        var (p, t) = (0, 0)
        // Where the last star stands, and from where in the text it was last tried.
        var star: (pattern: Int, text: Int)?
        while t < text.count {
            if p < pattern.count, pattern[p] == UInt8(ascii: "*") {
                star = (p, t)
                p += 1
            } else if p < pattern.count,
                pattern[p] == UInt8(ascii: "?") || Self.lower(pattern[p]) == Self.lower(text[t])
            {
                p += 1
                t += 1
            } else if let last = star {
                star = (last.pattern, last.text + 1)
                (p, t) = (last.pattern + 1, last.text + 1)
            } else {
                return false
            }
        }
        return pattern[p...].allSatisfy { $0 == UInt8(ascii: "*") }
    }

    private static func lower(_ byte: UInt8) -> UInt8 {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
    }
}
