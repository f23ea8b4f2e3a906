/// Numbers from strangers: digits only, checked for overflow. (`Int("+5")` is 5, which no wire of ours means.)
package enum Decimal {
    /// A number of at most 19 digits that fits `Int`; nil for signs, spaces, other digits, overflow or nothing.
    package static func parse(_ text: some Collection<UInt8>) -> Int? {
        guard !text.isEmpty, text.count <= 19 else { return nil }
        var value = 0
        for digit in text {
            guard digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "9") else { return nil }
            let (tenfold, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = tenfold.addingReportingOverflow(Int(digit - UInt8(ascii: "0")))
            guard !overflow, !carry else { return nil }
            value = sum
        }
        return value
    }

    /// The same, refused outside `range`.
    package static func parse(_ text: some Collection<UInt8>, in range: ClosedRange<Int>) -> Int? {
        guard let value = parse(text), range.contains(value) else { return nil }
        return value
    }

    /// Digits of any number of them, a value too large to hold becoming `Int.max`; nil for anything but digits.
    package static func parseSaturating(_ text: some Collection<UInt8>) -> Int? {
        guard !text.isEmpty else { return nil }
        var value = 0
        for digit in text {
            guard digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "9") else { return nil }
            let (tenfold, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = tenfold.addingReportingOverflow(Int(digit - UInt8(ascii: "0")))
            value = overflow || carry ? Int.max : sum
        }
        return value
    }
}
