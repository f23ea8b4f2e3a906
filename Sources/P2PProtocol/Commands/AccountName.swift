/// The name of an account: 1 to 64 ASCII letters, digits, `.`, `_` and `-`, a letter or a digit first. Nothing in it
/// needs an escape anywhere, and no two of them look alike but for their case.
package struct AccountName: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// What is wrong with a name that is none.
    package static let rule = "an account's name is 1 to 64 letters, digits, '.', '_' and '-', a letter or digit first"
    /// Whom Redis's clients mean when they give a password alone: nobody's name.
    package static let nameless = Bytes(ascii: "default")

    package let bytes: Bytes

    /// nil when the rule is broken.
    package init?(_ bytes: Bytes) {
        guard bytes.count <= 64, let first = bytes.first, Self.isAlphanumeric(first), bytes != Self.nameless,
            bytes.allSatisfy({ Self.isAlphanumeric($0) || [0x2D, 0x2E, 0x5F].contains($0) })
        else { return nil }
        self.bytes = bytes
    }

    package var description: String { String(decoding: bytes, as: UTF8.self) }

    package static func < (left: AccountName, right: AccountName) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: false
        }
    }
}
