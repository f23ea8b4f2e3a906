/// Base64 of RFC 4648, strict in what it reads: one text for one value.
package enum Base64: Sendable {
    /// With `+`, `/` and padding.
    case standard
    /// With `-` and `_`, without padding: for tickets and URLs.
    case url

    package func encode(_ bytes: Bytes) -> Bytes {
        var text = Bytes()
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
            for place in 0...group.count { text.append(letter(bits >> UInt32(18 - 6 * place) & 63)) }
            if self == .standard { text += repeatElement(UInt8(ascii: "="), count: 3 - group.count) }
        }
        return text
    }

    /// The bytes; nil for other letters, wrong padding, or bits left over.
    package func decode(_ text: some Collection<UInt8>) -> Bytes? {
        let padding = text.suffix(2).count { $0 == UInt8(ascii: "=") }
        guard self == .url ? padding == 0 : text.count.isMultiple(of: 4) else { return nil }
        let letters = text.dropLast(padding)
        guard letters.count % 4 != 1 else { return nil }
        var bytes = Bytes()
        bytes.reserveCapacity(letters.count / 4 * 3 + 2)
        var bits: UInt32 = 0
        var waiting: UInt32 = 0
        for letter in letters {
            guard let value = value(letter) else { return nil }
            bits = (bits << 6 | value) & 0xFFFF
            waiting += 6
            guard waiting >= 8 else { continue }
            waiting -= 8
            bytes.append(UInt8(truncatingIfNeeded: bits >> waiting))
        }
        return bits & (1 << waiting - 1) == 0 ? bytes : nil
    }

    private static let letters = Bytes(ascii: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")

    private func letter(_ value: UInt32) -> UInt8 {
        switch value {
        case ..<62: Self.letters[Int(value)]
        case 62: UInt8(ascii: self == .standard ? "+" : "-")
        default: UInt8(ascii: self == .standard ? "/" : "_")
        }
    }

    private func value(_ letter: UInt8) -> UInt32? {
        switch letter {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(letter - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(letter - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(letter - UInt8(ascii: "0")) + 52
        case self.letter(62): 62
        case self.letter(63): 63
        default: nil
        }
    }
}
