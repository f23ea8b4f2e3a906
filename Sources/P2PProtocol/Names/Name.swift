/// The name of a shared file: 1 to 1,024 bytes that are a relative path. Identity is the bytes; nothing about them
/// is text until somebody displays them.
package struct Name: Hashable, Sendable {
    /// The bytes as they were registered, known to follow the rules of a name.
    package let bytes: Bytes

    /// A checked name; the error says which rule the bytes break.
    package init(_ bytes: Bytes) throws(WireError) {
        if let fault = NameRules.fault(in: bytes.span) { throw WireError(fault) }
        self.bytes = bytes
    }

    /// A checked name, without an error made for the refused: for lists of which the bad entries are skipped.
    package init?(validating bytes: some Collection<UInt8>) {
        guard bytes.count <= Limits.standard.nameBytes else { return nil }
        self.init(validating: Bytes(bytes).span)
    }

    /// The same over borrowed bytes, which are copied only when they are a name.
    package init?(validating bytes: Span<UInt8>) {
        guard NameRules.fault(in: bytes) == nil else { return nil }
        self.bytes = Bytes(bytes)
    }

    /// The parts between the slashes: at least one, none of them empty.
    package var components: [ArraySlice<UInt8>] {
        bytes.split(separator: UInt8(ascii: "/"))
    }

    /// What stands after the last slash: the file's own name.
    package var lastComponent: ArraySlice<UInt8> {
        guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return bytes[...] }
        return bytes[(slash + 1)...]
    }
}

extension Name: Comparable {
    /// Bytewise, the order in which names are listed.
    package static func < (left: Name, right: Name) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }
}

extension Name: CustomStringConvertible {
    /// For people: escaped, so that a name in a message is never raw.
    package var description: String { display(bytes) }
}
