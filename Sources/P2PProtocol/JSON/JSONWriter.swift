/// Writes JSON from bytes, value after value, without a tree in between. What it writes is printable text that may
/// stand in a page or on a terminal: `<`, controls, direction marks and invisible characters are escaped, bytes that
/// are no UTF-8 become U+FFFD.
package struct JSONWriter: Sendable {
    /// What was written so far.
    package private(set) var bytes = Bytes()
    private let isPretty: Bool
    /// For each object and array that is open, whether it is still empty.
    private var isEmpty: [Bool] = []
    private var followsKey = false

    package init(isPretty: Bool = false) {
        self.isPretty = isPretty
    }

    /// An object, of which `body` writes the members.
    package mutating func object<Failure: Error>(
        _ body: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        begin(UInt8(ascii: "{"))
        try body(&self)
        end(UInt8(ascii: "}"))
    }

    /// An array, of which `body` writes the values.
    package mutating func array<Failure: Error>(
        _ body: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        begin(UInt8(ascii: "["))
        try body(&self)
        end(UInt8(ascii: "]"))
    }

    /// The key of the member whose value is written next.
    package mutating func key(_ key: Bytes) {
        separate()
        appendQuoted(key)
        bytes.append(UInt8(ascii: ":"))
        if isPretty { bytes.append(UInt8(ascii: " ")) }
        followsKey = true
    }

    package mutating func key(_ key: StaticString) {
        self.key(Bytes(ascii: key))
    }

    /// A whole member.
    package mutating func field(_ key: StaticString, _ value: JSON) {
        self.key(key)
        self.value(value)
    }

    /// The members for a byte string: see `JSON.members(name:key:)`.
    package mutating func name(_ bytes: Bytes, key: StaticString = "name") {
        for member in JSON.members(name: bytes, key: key) { write(member) }
    }

    package mutating func value(_ value: JSON) {
        switch value {
        case .null: literal("null")
        case .bool(let flag): literal(flag ? "true" : "false")
        case .integer(let number):
            separate()
            bytes.append(decimal: number)
        case .number(let number):
            guard number.isFinite else { return literal("null") }
            separate()
            bytes += "\(number)".utf8
        case .string(let text):
            separate()
            appendQuoted(text)
        case .array(let values): array { for value in values { $0.value(value) } }
        case .object(let members): object { for member in members { $0.write(member) } }
        }
    }

    private mutating func write(_ member: JSON.Member) {
        key(member.key)
        value(member.value)
    }

    private mutating func literal(_ text: StaticString) {
        separate()
        bytes += Bytes(ascii: text)
    }
}

// MARK: Layout

extension JSONWriter {
    private mutating func begin(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        isEmpty.append(true)
    }

    private mutating func end(_ bracket: UInt8) {
        if isEmpty.popLast() == false { breakLine() }
        bytes.append(bracket)
    }

    /// The comma and the line break that belong before the next value or key.
    private mutating func separate() {
        if followsKey {
            followsKey = false
        } else if let last = isEmpty.indices.last {
            if !isEmpty[last] { bytes.append(UInt8(ascii: ",")) }
            isEmpty[last] = false
            breakLine()
        }
    }

    private mutating func breakLine() {
        guard isPretty else { return }
        bytes.append(UInt8(ascii: "\n"))
        bytes += repeatElement(UInt8(ascii: " "), count: isEmpty.count * 2)
    }
}

// MARK: Strings

extension JSONWriter {
    private mutating func appendQuoted(_ text: Bytes) {
        bytes.append(UInt8(ascii: "\""))
        var index = 0
        while index < text.count {
            let plain = index
            while index < text.count, Self.isPlain(text[index]) { index += 1 }
            if index > plain {
                bytes += text[plain..<index]
            } else if let scalar = UTF8Scalar(in: text.span, at: index) {
                append(scalar.value)
                index += scalar.length
            } else {
                bytes.append(scalar: 0xFFFD)
                index += 1
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Whether a byte is a character that is written as it is.
    private static func isPlain(_ byte: UInt8) -> Bool {
        (0x20..<0x7F).contains(byte) && byte != 0x22 && byte != 0x5C && byte != 0x3C
    }

    private mutating func append(_ scalar: UInt32) {
        switch scalar {
        case 0x22, 0x5C: bytes += [UInt8(ascii: "\\"), UInt8(truncatingIfNeeded: scalar)]
        case 0x08: bytes += Bytes(ascii: "\\b")
        case 0x09: bytes += Bytes(ascii: "\\t")
        case 0x0A: bytes += Bytes(ascii: "\\n")
        case 0x0C: bytes += Bytes(ascii: "\\f")
        case 0x0D: bytes += Bytes(ascii: "\\r")
        case 0x3C: appendEscaped(scalar)
        default:
            if UnicodeRanges.unprintable.contains(scalar) {
                appendEscaped(scalar)
            } else {
                bytes.append(scalar: scalar)
            }
        }
    }

    private mutating func appendEscaped(_ scalar: UInt32) {
        if scalar < 0x1_0000 {
            appendUnit(scalar)
        } else {
            appendUnit(0xD800 + (scalar - 0x1_0000) >> 10)
            appendUnit(0xDC00 + (scalar - 0x1_0000) & 0x3FF)
        }
    }

    private mutating func appendUnit(_ unit: UInt32) {
        bytes += Bytes(ascii: "\\u")
        bytes += Hex.encode([UInt8(truncatingIfNeeded: unit >> 8), UInt8(truncatingIfNeeded: unit)])
    }
}
