/// The Content-Range field: which part of what an answer carries (RFC 9110 §14.4).
package enum ContentRange: Equatable, Sendable {
    /// A part, and the whole's size unless the sender does not know it.
    case part(ByteRange, size: Int?)
    /// Nothing, in a 416: only the size.
    case none(size: Int)

    /// Reads the field; nil when it is not exactly one of the two forms.
    package init?(_ value: Bytes) {
        let unit: StaticString = "bytes "
        guard HTTPGrammar.hasPrefix(value, unit) else { return nil }
        let rest = value.dropFirst(unit.utf8CodeUnitCount)
        guard let slash = rest.firstIndex(of: HTTPGrammar.slash) else { return nil }
        let range = rest[..<slash]
        let total = rest[(slash + 1)...]
        let star = [UInt8(ascii: "*")]
        let size = Decimal.parse(total)
        guard size != nil || total.elementsEqual(star) else { return nil }
        if range.elementsEqual(star), let size {
            self = .none(size: size)
        } else if let part = Self.part(range), part.last < size ?? Int.max {
            self = .part(part, size: size)
        } else {
            return nil
        }
    }

    private static func part(_ text: ArraySlice<UInt8>) -> ByteRange? {
        guard let dash = text.firstIndex(of: UInt8(ascii: "-")), let first = Decimal.parse(text[..<dash]),
            let last = Decimal.parse(text[(dash + 1)...])
        else { return nil }
        return ByteRange(first, last)
    }

    /// The field's value.
    package var bytes: Bytes {
        var text = Bytes(ascii: "bytes ")
        let size: Int?
        switch self {
        case .part(let range, let whole):
            text += range.bytes
            size = whole
        case .none(let whole):
            text.append(UInt8(ascii: "*"))
            size = whole
        }
        text.append(HTTPGrammar.slash)
        if let size { text.append(decimal: size) } else { text.append(UInt8(ascii: "*")) }
        return text
    }
}
