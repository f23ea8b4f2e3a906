/// What travels and what is stored. Names, paths and protocol lines are bytes from end to end;
/// `String` is only made by `display(…)`, for people.
package typealias Bytes = [UInt8]

extension Array where Element == UInt8 {
    /// The UTF-8 bytes of a literal of ours. Text from strangers is bytes already.
    package init(ascii text: StaticString) {
        self = text.withUTF8Buffer { Array($0) }
    }

    /// The bytes of a span.
    package init(_ span: Span<UInt8>) {
        self = span.withUnsafeBufferPointer { Array($0) }
    }

    /// A number in decimal digits.
    package init(decimal value: Int) {
        self = []
        append(decimal: value)
    }

    /// Appends a number in decimal digits, without making a `String`.
    package mutating func append(decimal value: Int) {
        guard value != 0 else { return append(UInt8(ascii: "0")) }
        var rest = value.magnitude
        let start = count
        while rest > 0 {
            append(UInt8(ascii: "0") + UInt8(rest % 10))
            rest /= 10
        }
        if value < 0 { append(UInt8(ascii: "-")) }
        self[start...].reverse()
    }
}
