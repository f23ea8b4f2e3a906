/// Writes replies and pushes as the connection's version has them. Elements of an aggregate follow its header.
package struct ReplyWriter: Sendable {
    /// What has been written and waits to be sent.
    package var output: OutputBuffer
    /// The version that `HELLO` asked for.
    package var version: RESPVersion

    package init(version: RESPVersion = .two, reserving capacity: Int = 0) {
        self.version = version
        output = OutputBuffer(reserving: capacity)
    }

    private var isThree: Bool { version == .three }

    // MARK: Values

    /// A status such as `+OK`: a literal of ours, without a line end in it.
    package mutating func simple(_ text: StaticString) {
        output.append(UInt8(ascii: "+"))
        output.append(text)
        output.appendLineEnd()
    }

    /// An error on one line, whatever its message holds.
    package mutating func error(_ error: WireError) {
        output.append(UInt8(ascii: "-"))
        var line = error.prefix
        line += " "
        line += error.message
        for byte in line.utf8 { output.append(byte < 0x20 || byte == 0x7F ? UInt8(ascii: " ") : byte) }
        output.appendLineEnd()
    }

    package mutating func integer(_ value: Int) {
        output.append(header: UInt8(ascii: ":"), value)
    }

    package mutating func bulk(_ bytes: Bytes) {
        bytes.withUnsafeBufferPointer { output.append(bulk: $0) }
    }

    package mutating func bulk(_ bytes: Span<UInt8>) {
        bytes.withUnsafeBufferPointer { output.append(bulk: $0) }
    }

    package mutating func bulk(_ bytes: UnsafeBufferPointer<UInt8>) {
        output.append(bulk: bytes)
    }

    package mutating func bulk(_ text: StaticString) {
        text.withUTF8Buffer { output.append(bulk: $0) }
    }

    /// A digest as its 64 lower-case hex digits.
    package mutating func bulk(hex digest: Digest) {
        output.append("$64\r\n")
        output.append(hex: digest)
        output.appendLineEnd()
    }

    /// A number as a bulk string, which is what a cursor is.
    package mutating func bulk(decimal value: Int) {
        var digits = Bytes()
        digits.append(decimal: value)
        bulk(digits)
    }

    /// What is missing.
    package mutating func null() {
        output.append(isThree ? "_\r\n" : "$-1\r\n")
    }

    /// A truth value; RESP2 has 1 and 0 for it.
    package mutating func boolean(_ value: Bool) {
        guard isThree else { return integer(value ? 1 : 0) }
        output.append(value ? "#t\r\n" : "#f\r\n")
    }

    /// A fraction; RESP2 has a bulk string for it.
    package mutating func double(_ value: Double) {
        let text = value.isNaN ? "nan" : value.isInfinite ? (value < 0 ? "-inf" : "inf") : "\(value)"
        guard isThree else { return bulk(Bytes(text.utf8)) }
        output.append(UInt8(ascii: ","))
        output.append(Bytes(text.utf8))
        output.appendLineEnd()
    }

    /// Text for a person, as `INFO` answers with it; RESP2 has a bulk string for it.
    package mutating func verbatim(_ text: Bytes) {
        guard isThree else { return bulk(text) }
        output.append(header: UInt8(ascii: "="), text.count + 4)
        output.append("txt:")
        output.append(text)
        output.appendLineEnd()
    }

    // MARK: Pieces

    /// A piece of an answer that is RESP already and the same in both versions.
    package mutating func raw(_ text: StaticString) {
        output.append(text)
    }

    /// A piece of an answer as version 2 has it, and as version 3.
    package mutating func raw(_ two: StaticString, _ three: StaticString) {
        output.append(isThree ? three : two)
    }

    /// A piece of an answer that is RESP already and the same in both versions.
    package mutating func raw(_ text: Span<UInt8>) {
        output.append(text)
    }

    // MARK: Aggregates

    /// Begins an array of `count` elements.
    package mutating func array(_ count: Int) {
        output.append(header: UInt8(ascii: "*"), count)
    }

    /// Begins a map of `count` pairs, keys and values in turn; RESP2 has a flat array for it.
    package mutating func map(_ count: Int) {
        isThree ? output.append(header: UInt8(ascii: "%"), count) : array(count * 2)
    }

    /// Begins a set of `count` elements; RESP2 has an array for it.
    package mutating func set(_ count: Int) {
        isThree ? output.append(header: UInt8(ascii: "~"), count) : array(count)
    }

    /// Begins a message of `count` elements that nobody asked for just now; RESP2 has an array for it.
    package mutating func push(_ count: Int) {
        isThree ? output.append(header: UInt8(ascii: ">"), count) : array(count)
    }
}
