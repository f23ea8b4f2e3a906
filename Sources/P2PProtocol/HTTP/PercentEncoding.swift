/// Escapes of RFC 3986, for bytes: nothing is taken for text on the way.
package enum PercentEncoding {
    /// Everything but letters, digits and `-._~` escaped: safe as a path's part and as a query's value.
    package static func encode(_ bytes: some Sequence<UInt8>) -> Bytes {
        var output = Bytes()
        output.reserveCapacity(bytes.underestimatedCount)
        for byte in bytes {
            if isUnreserved(byte) {
                output.append(byte)
            } else {
                output += [percent, upperDigit(byte >> 4), upperDigit(byte & 15)]
            }
        }
        return output
    }

    /// A relative path whose slashes stay slashes.
    package static func encodePath(_ path: Bytes) -> Bytes {
        let parts = path.split(separator: HTTPGrammar.slash, omittingEmptySubsequences: false).map { encode($0) }
        return Bytes(parts.joined(separator: [HTTPGrammar.slash]))
    }

    /// The bytes behind the escapes; nil when a percent sign is not followed by two hex digits. One pass: `%252e`
    /// is `%2e` and stays it.
    package static func decode(_ text: some Sequence<UInt8>) -> Bytes? {
        var output = Bytes()
        var rest = text.makeIterator()
        while let byte = rest.next() {
            guard byte == percent else {
                output.append(byte)
                continue
            }
            guard let high = rest.next().flatMap({ Hex.value($0) }), let low = rest.next().flatMap({ Hex.value($0) })
            else { return nil }
            output.append(high << 4 | low)
        }
        return output
    }

    /// The same for an HTML form's text, in which `+` is a space.
    package static func decodeForm(_ text: some Sequence<UInt8>) -> Bytes? {
        decode(text.map { $0 == UInt8(ascii: "+") ? HTTPGrammar.space : $0 })
    }

    private static let percent = UInt8(ascii: "%")

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        if HTTPGrammar.isLetter(byte) || HTTPGrammar.isDigit(byte) { return true }
        return byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
            || byte == UInt8(ascii: "~")
    }

    private static func upperDigit(_ nibble: UInt8) -> UInt8 {
        nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "A") + nibble - 10
    }
}
