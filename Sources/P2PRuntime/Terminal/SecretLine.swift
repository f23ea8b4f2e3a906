package import P2PProtocol

/// A line that is typed where nobody shall see it: bytes come in, nothing goes out before its end.
package struct SecretLine: Sendable {
    /// What a key has led to.
    package enum Step: Equatable, Sendable {
        case more
        /// The line is complete.
        case done(Bytes)
        /// Ctrl-C, or the end of the input.
        case cancelled
    }

    /// More than any password has; what is typed beyond is taken for held keys.
    private static let longest = 4_096

    private var typed = Bytes()

    package init() {}

    /// The next byte that was typed.
    package mutating func take(_ byte: UInt8) -> Step {
        switch byte {
        case UInt8(ascii: "\n"), UInt8(ascii: "\r"): return .done(typed)
        case Self.control("C"): return .cancelled
        case Self.control("D") where typed.isEmpty: return .cancelled
        case Self.control("U"): typed = []
        case Self.control("H"), 0x7F: dropCharacter()
        default: if typed.count < Self.longest { typed.append(byte) }
        }
        return .more
    }

    private mutating func dropCharacter() {
        while let byte = typed.popLast(), byte & 0xC0 == 0x80 {}
    }

    private static func control(_ letter: Unicode.Scalar) -> UInt8 { UInt8(ascii: letter) & 0x1F }
}
