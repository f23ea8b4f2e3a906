/// The line `*COUNT` or `$LENGTH`: strict digits, judged one by one, so that a number that is too great fails as soon
/// as it is, and before anything is done with it.
struct BulkHeader {
    /// What Redis says of such a number when it is wrong.
    let fault: StaticString
    let maximum: Int
    /// Whether `-1` may stand for nothing.
    let allowsNull: Bool

    /// The number of the header at `start`, whose first byte is its type, and where the line after it begins;
    /// nil while the line is incomplete.
    @inline(__always)
    func read(_ bytes: Span<UInt8>, at start: Int) throws(WireError) -> (value: Int, end: Int)? {
        var index = start + 1
        let isNull = allowsNull && index < bytes.count && bytes[index] == UInt8(ascii: "-")
        if isNull { index += 1 }
        let first = index
        var value = 0
        while index < bytes.count, bytes[index] != UInt8(ascii: "\r") {
            let digit = bytes[index] &- UInt8(ascii: "0")
            let isLeadingZero = index > first && value == 0
            guard digit <= 9, !isLeadingZero else { throw error }
            value = value * 10 + Int(digit)
            guard value <= maximum else { throw .overLimit(message) }
            index += 1
        }
        guard index < bytes.count else { return nil }
        guard index > first, !isNull || value == 1 else { throw error }
        guard index + 1 < bytes.count else { return nil }
        guard bytes[index + 1] == UInt8(ascii: "\n") else { throw error }
        return (isNull ? -1 : value, index + 2)
    }

    private var error: WireError { .fatal(message) }
    private var message: String { "Protocol error: \(fault)" }
}
