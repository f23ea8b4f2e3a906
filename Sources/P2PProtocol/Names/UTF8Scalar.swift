/// One Unicode scalar as it stands in bytes that may not be UTF-8 at all.
package struct UTF8Scalar: Equatable, Sendable {
    /// The scalar's number: at most 0x10FFFF, never a surrogate.
    package let value: UInt32
    /// The bytes it takes, 1 to 4.
    package let length: Int

    /// The scalar that begins at `index`, which must be inside; nil when the byte there begins none: overlong,
    /// surrogate, too high, cut short or a stray continuation.
    package init?(in bytes: Span<UInt8>, at index: Int) {
        let lead = bytes[index]
        guard lead >= 0x80 else {
            self.value = UInt32(lead)
            self.length = 1
            return
        }
        let length: Int
        var value: UInt32
        let least: UInt32
        switch lead {
        case 0xC2...0xDF: (length, value, least) = (2, UInt32(lead & 0x1F), 0x80)
        case 0xE0...0xEF: (length, value, least) = (3, UInt32(lead & 0x0F), 0x800)
        case 0xF0...0xF4: (length, value, least) = (4, UInt32(lead & 0x07), 0x1_0000)
        default: return nil
        }
        guard length <= bytes.count - index else { return nil }
        for position in index + 1..<index + length {
            guard bytes[position] & 0xC0 == 0x80 else { return nil }
            value = value << 6 | UInt32(bytes[position] & 0x3F)
        }
        guard value >= least, value <= 0x10_FFFF, !(0xD800...0xDFFF).contains(value) else { return nil }
        self.value = value
        self.length = length
    }

    /// Whether all bytes are UTF-8.
    package static func isValid(_ bytes: Span<UInt8>) -> Bool {
        var index = 0
        while index < bytes.count {
            guard let scalar = UTF8Scalar(in: bytes, at: index) else { return false }
            index += scalar.length
        }
        return true
    }

    package static func isValid(_ bytes: Bytes) -> Bool {
        isValid(bytes.span)
    }
}

extension Array where Element == UInt8 {
    /// Appends a scalar's UTF-8; the number must be a scalar's.
    package mutating func append(scalar value: UInt32) {
        let tail = { (shift: UInt32) in UInt8(truncatingIfNeeded: 0x80 | (value >> shift & 0x3F)) }
        switch value {
        case ..<0x80:
            append(UInt8(truncatingIfNeeded: value))
        case ..<0x800:
            append(UInt8(truncatingIfNeeded: 0xC0 | value >> 6))
            append(tail(0))
        case ..<0x1_0000:
            append(UInt8(truncatingIfNeeded: 0xE0 | value >> 12))
            append(tail(6))
            append(tail(0))
        default:
            append(UInt8(truncatingIfNeeded: 0xF0 | value >> 18))
            append(tail(12))
            append(tail(6))
            append(tail(0))
        }
    }
}
