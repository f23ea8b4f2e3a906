/// The fields of a head in their order. Names compare without regard to case; values are bytes.
package struct HTTPFields: Equatable, Sendable {
    /// One field line.
    package struct Line: Equatable, Sendable {
        package let name: Bytes
        package let value: Bytes
    }

    package private(set) var lines: [Line] = []

    package init() {}

    // Names come from our own source only, so that no stranger's byte can become one.
    package mutating func append(_ name: StaticString, _ value: Bytes) {
        lines.append(Line(name: Bytes(ascii: name), value: value))
    }

    package mutating func append(_ name: StaticString, _ value: StaticString) {
        append(name, Bytes(ascii: value))
    }

    package mutating func append(_ name: StaticString, _ value: Int) {
        var digits = Bytes()
        digits.append(decimal: value)
        append(name, digits)
    }

    /// Takes a line that the parser has checked.
    mutating func append(parsed line: Line) {
        lines.append(line)
    }

    /// The values of every line with this name.
    package func all(_ name: StaticString) -> [Bytes] {
        lines.filter { HTTPGrammar.matches($0.name, name) }.map(\.value)
    }

    /// The value of the first line with this name.
    package func first(_ name: StaticString) -> Bytes? {
        lines.first { HTTPGrammar.matches($0.name, name) }?.value
    }

    /// The value of a field that means something only when it stands once; nil when it is missing or repeated.
    package func sole(_ name: StaticString) -> Bytes? {
        let values = all(name)
        return values.count == 1 ? values[0] : nil
    }

    /// Whether a comma-separated field holds this element, in whatever case.
    package func lists(_ element: StaticString, in name: StaticString) -> Bool {
        all(name).contains { value in
            HTTPGrammar.elements(of: value).contains { HTTPGrammar.matches($0, element) }
        }
    }

    /// Appends the lines as they travel. A control byte in a value becomes a space here, in the one place that every
    /// value passes: nothing that is echoed can start a line of its own.
    func write(into output: inout Bytes) {
        for line in lines {
            output += line.name
            output += [UInt8(ascii: ":"), HTTPGrammar.space]
            for byte in line.value { output.append(HTTPGrammar.isFieldValue(byte) ? byte : HTTPGrammar.space) }
            output += [HTTPGrammar.carriageReturn, HTTPGrammar.lineFeed]
        }
    }
}
