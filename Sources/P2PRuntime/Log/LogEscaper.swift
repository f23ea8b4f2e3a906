package import P2PProtocol

/// The one way in which a value gets into a log line. Whatever the bytes are, the result is printable, has no line
/// break, and reads back unambiguously: plain where nothing needs care, else quoted with escapes.
package enum LogEscaper {
    /// Bytes that one value may take in a line; what is longer ends in `…`.
    package static let ceiling = 1_024

    /// Escapes `value`: `10.0.0.7:6699`, `"two words"`, `"a\nb\x1b\u{202e}"`, `""`.
    package static func escape(_ value: Bytes) -> Bytes {
        if value.count <= ceiling, !value.isEmpty, value.allSatisfy(isPlain) { return value }
        return quote(value)
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte < 0x7F && byte != quoteMark && byte != backslash && byte != UInt8(ascii: "=")
    }

    private static func quote(_ value: Bytes) -> Bytes {
        // No byte is ever written as fewer, so what lies beyond the ceiling cannot get into the line.
        let read = value.prefix(ceiling)
        var escaped: Bytes = [quoteMark]
        var needsQuotes = read.isEmpty
        var index = read.startIndex
        var rest = read.makeIterator()
        var parser = Unicode.UTF8.ForwardParser()
        reading: while escaped.count <= ceiling - widestEscape {
            switch parser.parseScalar(from: &rest) {
            case .emptyInput:
                break reading
            case .valid(let encoded):
                needsQuotes = append(UTF8.decode(encoded), encodedAs: encoded, to: &escaped) || needsQuotes
                index += encoded.count
            case .error(let length):
                for byte in read[index..<index + length] { escaped.append(hexEscapeOf: byte) }
                index += length
                needsQuotes = true
            }
        }
        if index < value.count { escaped += Bytes(ascii: "…") }
        return needsQuotes ? escaped + [quoteMark] : Bytes(escaped.dropFirst())
    }

    /// Appends one character; true when the value must be quoted because of it.
    private static func append(
        _ scalar: Unicode.Scalar, encodedAs encoded: UTF8.EncodedScalar, to escaped: inout Bytes
    ) -> Bool {
        switch scalar {
        case "\n": escaped += Bytes(ascii: "\\n")
        case "\r": escaped += Bytes(ascii: "\\r")
        case "\t": escaped += Bytes(ascii: "\\t")
        case "\"", "\\": escaped += [backslash, UInt8(ascii: scalar)]
        case " ", "=": escaped.append(UInt8(ascii: scalar))
        case _ where scalar.value < 0x20 || scalar.value == 0x7F: escaped.append(hexEscapeOf: UInt8(scalar.value))
        case _ where isInvisible(scalar): escaped += "\\u{\(String(scalar.value, radix: 16))}".utf8
        default:
            escaped += encoded
            return false
        }
        return true
    }

    /// Whether a character acts on the text around it, or cannot be seen: controls, direction marks, joiners, other
    /// spaces, line separators, and what no standard has assigned.
    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        guard !scalar.isASCII else { return false }
        return switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .surrogate, .privateUse,
            .unassigned:
            true
        default: scalar.properties.isDefaultIgnorableCodePoint
        }
    }

    private static let quoteMark = UInt8(ascii: "\"")
    private static let backslash = UInt8(ascii: "\\")
    /// `\u{10ffff}`, or three bytes that begin a character and are not one, and room for `…"`.
    private static let widestEscape = 16
}

extension Array where Element == UInt8 {
    fileprivate mutating func append(hexEscapeOf byte: UInt8) {
        self += Bytes(ascii: "\\x") + Hex.encode([byte])
    }
}
