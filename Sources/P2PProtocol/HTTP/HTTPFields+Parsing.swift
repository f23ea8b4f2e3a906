// RFC 9112 §5, without its leniencies: no folded lines, no space before the colon, no control bytes.

extension HTTPFields {
    /// The fields that stand in these lines of a head.
    init(lines: ArraySlice<Range<Int>>, of bytes: Span<UInt8>) throws(HTTPFault) {
        self.init()
        for line in lines { append(parsed: try Self.line(Bytes(bytes.extracting(line)))) }
    }

    private static func line(_ text: Bytes) throws(HTTPFault) -> Line {
        if let first = text.first, first == HTTPGrammar.space || first == HTTPGrammar.tab {
            throw .bad("a field is folded over two lines")
        }
        guard let colon = text.firstIndex(of: UInt8(ascii: ":")), colon > 0 else {
            throw .bad("a field line has no name")
        }
        guard text[..<colon].allSatisfy(HTTPGrammar.isToken) else {
            throw .bad("a field name has a byte that no name may have")
        }
        let value = HTTPGrammar.trimmed(text[(colon + 1)...])
        guard value.allSatisfy(HTTPGrammar.isFieldValue) else { throw .bad("a field value has a control byte") }
        return Line(name: Bytes(text[..<colon]), value: Bytes(value))
    }
}
