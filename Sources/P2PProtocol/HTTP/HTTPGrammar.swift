/// The byte classes and small cuts of RFC 9110 and RFC 9112 with which every head is read.
enum HTTPGrammar {
    static let carriageReturn: UInt8 = 13
    static let lineFeed: UInt8 = 10
    static let space: UInt8 = 32
    static let tab: UInt8 = 9
    static let slash = UInt8(ascii: "/")
    static let comma = UInt8(ascii: ",")

    /// A byte of a method or of a field name.
    static func isToken(_ byte: UInt8) -> Bool {
        if isLetter(byte) || isDigit(byte) { return true }
        return tokenMarks.contains(byte)
    }

    /// A byte of a field value. Bytes above 127 are opaque, as RFC 9110 §5.5 has them; controls are how heads are
    /// split and smuggled.
    static func isFieldValue(_ byte: UInt8) -> Bool {
        byte == tab || (byte >= 32 && byte != 127)
    }

    /// A byte of a request target. Raw bytes above 127 are let through, since names are bytes and no reader of a
    /// head takes them for a delimiter; a fragment never travels.
    static func isTarget(_ byte: UInt8) -> Bool {
        byte > 32 && byte != 127 && byte != UInt8(ascii: "#")
    }

    static func isDigit(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }

    static func isLetter(_ byte: UInt8) -> Bool {
        isUpper(byte) || (byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z"))
    }

    static func isUpper(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
    }

    static func lowercased(_ byte: UInt8) -> UInt8 {
        isUpper(byte) ? byte | 32 : byte
    }

    /// Whether the bytes are this literal of ours, in whatever case.
    static func matches(_ bytes: some Collection<UInt8>, _ literal: StaticString) -> Bool {
        guard bytes.count == literal.utf8CodeUnitCount else { return false }
        return hasPrefix(bytes, literal)
    }

    /// Whether the bytes begin with this literal of ours, in whatever case.
    static func hasPrefix(_ bytes: some Collection<UInt8>, _ literal: StaticString) -> Bool {
        literal.withUTF8Buffer { expected in
            bytes.count >= expected.count && zip(bytes, expected).allSatisfy { lowercased($0) == lowercased($1) }
        }
    }

    /// The bytes without the spaces and tabs around them.
    static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let rest = bytes.drop { $0 == space || $0 == tab }
        guard let last = rest.lastIndex(where: { $0 != space && $0 != tab }) else { return [] }
        return rest[...last]
    }

    /// The elements of a comma-separated list, trimmed, without the empty ones. Not for lists of quoted strings.
    static func elements(of list: Bytes) -> [ArraySlice<UInt8>] {
        list.split(separator: comma).map(trimmed).filter { !$0.isEmpty }
    }

    /// What stands after the last slash of a name.
    static func fileName(of name: Bytes) -> ArraySlice<UInt8> {
        name.lastIndex(of: slash).map { name[($0 + 1)...] } ?? name[...]
    }

    private static let tokenMarks = Bytes(ascii: "!#$%&'*+-.^_`|~")
}
