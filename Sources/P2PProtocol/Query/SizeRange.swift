/// Sizes as people write them: `>10M`, `<=2G`, `=700`, `700`, `10M-2G`; a K is 1,024.
package enum SizeRange {
    /// The sizes that the text means, in bytes; the error says what was expected.
    package static func parse(_ text: Bytes) throws(WireError) -> ClosedRange<Int> {
        if let dash = text.firstIndex(of: UInt8(ascii: "-")) {
            return try range(from: size(text[..<dash]), to: size(text[(dash + 1)...]))
        }
        let sign = text.prefix { $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: ">") || $0 == UInt8(ascii: "=") }
        let limit = try size(text[sign.endIndex...])
        switch String(decoding: sign, as: UTF8.self) {
        case ">":
            guard limit < Int.max else { throw WireError("query term size: is out of range") }
            return try range(from: limit + 1, to: .max)
        case "<": return try range(from: 0, to: limit - 1)
        case ">=": return try range(from: limit, to: .max)
        case "<=": return try range(from: 0, to: limit)
        case "=", "": return try range(from: limit, to: limit)
        default: throw malformed
        }
    }

    /// A number with K, M, G or T, with or without a B or iB; nil for anything else and for what does not fit.
    package static func byteCount(_ text: some Collection<UInt8>) -> Int? {
        let digits = text.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard let number = Decimal.parse(digits) else { return nil }
        let unit = String(decoding: text.dropFirst(digits.count).prefix(4), as: UTF8.self).lowercased()
        guard let shift = shifts[unit] else { return nil }
        let (value, overflow) = number.multipliedReportingOverflow(by: 1 << shift)
        return overflow ? nil : value
    }

    private static let shifts = [
        "": 0, "b": 0, "k": 10, "kb": 10, "kib": 10, "m": 20, "mb": 20, "mib": 20,
        "g": 30, "gb": 30, "gib": 30, "t": 40, "tb": 40, "tib": 40,
    ]

    private static let malformed = WireError("query term size: needs sizes such as >10M, <2G, 700 or 10M-2G")

    private static func size(_ text: ArraySlice<UInt8>) throws(WireError) -> Int {
        guard let value = byteCount(text) else { throw malformed }
        return value
    }

    private static func range(from low: Int, to high: Int) throws(WireError) -> ClosedRange<Int> {
        guard low <= high else { throw WireError("query term size: is out of range") }
        return low...high
    }
}
