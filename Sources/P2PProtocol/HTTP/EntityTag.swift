/// A validator of RFC 9110 §8.8.3. Ours are strong and are the content's root: the same bytes have the same tag on
/// every peer.
package struct EntityTag: Hashable, Sendable {
    /// What stands between the quotes.
    package let opaque: Bytes
    package let isWeak: Bool

    /// The tag of a content.
    package init(_ root: Digest) {
        opaque = root.hex
        isWeak = false
    }

    /// Reads exactly one tag; nil when anything stands before or behind it.
    package init?(_ text: Bytes) {
        var rest = text[...]
        guard let tag = EntityTag(taking: &rest), rest.isEmpty else { return nil }
        self = tag
    }

    /// Takes one tag off the front.
    init?(taking rest: inout ArraySlice<UInt8>) {
        isWeak = rest.starts(with: Bytes(ascii: "W/"))
        let quoted = isWeak ? rest.dropFirst(2) : rest
        guard quoted.first == Self.quote else { return nil }
        let inside = quoted.dropFirst().prefix { $0 > 32 && $0 != Self.quote && $0 != 127 }
        let end = quoted.dropFirst(1 + inside.count)
        guard end.first == Self.quote else { return nil }
        opaque = Bytes(inside)
        rest = end.dropFirst()
    }

    /// Both are strong and the same.
    package func matchesStrongly(_ other: EntityTag) -> Bool {
        !isWeak && !other.isWeak && opaque == other.opaque
    }

    /// The same, strong or weak.
    package func matchesWeakly(_ other: EntityTag) -> Bool {
        opaque == other.opaque
    }

    /// The tag as it travels.
    package var bytes: Bytes {
        (isWeak ? Bytes(ascii: "W/\"") : [Self.quote]) + opaque + [Self.quote]
    }

    private static let quote = UInt8(ascii: "\"")
}
