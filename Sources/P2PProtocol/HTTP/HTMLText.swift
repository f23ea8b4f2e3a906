/// Text from strangers on its way into a page, in element content and in quoted attributes alike.
package enum HTMLText {
    /// The bytes as harmless HTML: markup escaped; controls, marks that turn the direction of writing, and what is
    /// not UTF-8 replaced by U+FFFD.
    package static func escape(_ bytes: some Collection<UInt8>) -> Bytes {
        var output = Bytes()
        output.reserveCapacity(bytes.count)
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            switch scalar {
            case "&": output += Bytes(ascii: "&amp;")
            case "<": output += Bytes(ascii: "&lt;")
            case ">": output += Bytes(ascii: "&gt;")
            case "\"": output += Bytes(ascii: "&quot;")
            case "'": output += Bytes(ascii: "&#39;")
            case _ where isDeceptive(scalar): output += Bytes("\u{FFFD}".utf8)
            default: output += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
            }
        }
        return output
    }

    private static func isDeceptive(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x200E...0x200F, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
