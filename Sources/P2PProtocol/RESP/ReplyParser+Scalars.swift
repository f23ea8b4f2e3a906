extension ReplyParser {
    /// The replies that are one line.
    static func scalar(_ type: UInt8, _ line: Bytes) -> Reply? {
        switch type {
        case UInt8(ascii: "+"): .simple(line)
        case UInt8(ascii: "-"): .error(line)
        case UInt8(ascii: ":"): signed(line).map { .integer($0) }
        case UInt8(ascii: "_"): line.isEmpty ? .null : nil
        case UInt8(ascii: "#"): boolean(line).map { .boolean($0) }
        case UInt8(ascii: ","): double(line).map { .double($0) }
        case UInt8(ascii: "("): isNumber(line) ? .bigNumber(line) : nil
        default: nil
        }
    }

    private static func signed(_ line: Bytes) -> Int? {
        guard line.first == UInt8(ascii: "-") else { return Decimal.parse(line) }
        return Decimal.parse(line.dropFirst()).map { -$0 }
    }

    private static func boolean(_ line: Bytes) -> Bool? {
        switch line {
        case Bytes(ascii: "t"): true
        case Bytes(ascii: "f"): false
        default: nil
        }
    }

    private static func double(_ line: Bytes) -> Double? {
        switch line {
        case Bytes(ascii: "inf"): return .infinity
        case Bytes(ascii: "-inf"): return -.infinity
        case Bytes(ascii: "nan"): return .nan
        default:
            let allowed = Bytes(ascii: "0123456789.eE+-")
            guard line.count <= 64, line.allSatisfy(allowed.contains) else { return nil }
            return Double(String(decoding: line, as: UTF8.self))
        }
    }

    private static func isNumber(_ line: Bytes) -> Bool {
        let digits = line.first == UInt8(ascii: "-") ? line.dropFirst() : line[...]
        return !digits.isEmpty && digits.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
    }
}
