/// What a Range field comes to for a file of a known size (RFC 9110 §14).
package enum RangeDecision: Equatable, Sendable {
    /// The whole file: no range, one that is not understood, or several. (Several parts would need a buffer and a
    /// boundary each; every client that sends them takes the whole.)
    case whole
    case part(ByteRange)
    /// Well formed, and nothing of it lies inside the file.
    case unsatisfiable

    /// Decides for the field's value.
    package static func decide(_ value: Bytes, size: Int) -> RangeDecision {
        let unit: StaticString = "bytes="
        guard HTTPGrammar.hasPrefix(value, unit) else { return .whole }
        let parts = HTTPGrammar.elements(of: Bytes(value.dropFirst(unit.utf8CodeUnitCount)))
        guard parts.count == 1, let dash = parts[0].firstIndex(of: UInt8(ascii: "-")) else { return .whole }
        let first = parts[0][..<dash]
        let last = parts[0][(dash + 1)...]
        return first.isEmpty ? suffix(last, size: size) : interval(first, last, size: size)
    }

    private static func suffix(_ digits: ArraySlice<UInt8>, size: Int) -> RangeDecision {
        guard let count = Decimal.parseSaturating(digits) else { return .whole }
        guard count > 0 else { return .unsatisfiable }
        // The last bytes of an empty file are all of it, and no range can say so.
        return ByteRange(size - min(count, size), size - 1).map { .part($0) } ?? .whole
    }

    private static func interval(
        _ first: ArraySlice<UInt8>, _ last: ArraySlice<UInt8>, size: Int
    ) -> RangeDecision {
        guard let first = Decimal.parseSaturating(first),
            let last = last.isEmpty ? Int.max : Decimal.parseSaturating(last), first <= last
        else { return .whole }
        guard first < size else { return .unsatisfiable }
        return ByteRange(first, min(last, size - 1)).map { .part($0) } ?? .whole
    }
}
