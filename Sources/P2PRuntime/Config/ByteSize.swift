package import P2PProtocol

/// Numbers of bytes as people write them in the configuration: `65536`, `64K`, `32M`, `1G`, `2T`, in powers of 1,024.
package enum ByteSize {
    private static let units: [(suffix: UInt8, shift: Int)] = [
        (UInt8(ascii: "T"), 40), (UInt8(ascii: "G"), 30), (UInt8(ascii: "M"), 20), (UInt8(ascii: "K"), 10),
    ]

    /// The number; nil for anything but digits and one known suffix, and for what `Int` does not hold.
    package static func parse(_ text: Bytes) -> Int? {
        guard let last = text.last, let unit = units.first(where: { $0.suffix == last & ~0x20 }) else {
            return Decimal.parse(text)
        }
        guard let count = Decimal.parse(text.dropLast()) else { return nil }
        let (product, overflow) = count.multipliedReportingOverflow(by: 1 << unit.shift)
        return overflow ? nil : product
    }

    /// The shortest text that reads back as the number.
    package static func text(_ count: Int) -> String {
        guard count > 0, let unit = units.first(where: { count.trailingZeroBitCount >= $0.shift }) else {
            return "\(count)"
        }
        return "\(count >> unit.shift)\(Unicode.Scalar(unit.suffix))"
    }
}
