/// One typed line, split into arguments. A quote opens a string only where an argument begins: in the middle of one it
/// is a character, so that `I Don't Like You Anymore` is five arguments.
struct InlineLine: Sendable {
    /// The arguments, escapes resolved, one after the other.
    private(set) var decoded: Bytes = []
    /// Where each argument stands in `decoded`.
    private(set) var ranges: [Range<Int>] = []
    /// Where each argument stands in the line as it was typed, quotes included.
    private(set) var typedRanges: [Range<Int>] = []

    mutating func split(_ line: Span<UInt8>, upTo end: Int, limits: Limits) throws(WireError) {
        decoded.removeAll(keepingCapacity: decoded.capacity <= 4_096)
        ranges.removeAll(keepingCapacity: ranges.capacity <= 256)
        typedRanges.removeAll(keepingCapacity: typedRanges.capacity <= 256)
        var index = 0
        while true {
            while index < end, Self.isSpace(line[index]) { index += 1 }
            guard index < end else { return }
            guard ranges.count < limits.arguments else { throw .overLimit("Protocol error: too many arguments") }
            let (typedStart, start) = (index, decoded.count)
            index = try readArgument(line, from: index, upTo: end)
            ranges.append(start..<decoded.count)
            typedRanges.append(typedStart..<index)
        }
    }

    private mutating func readArgument(_ line: Span<UInt8>, from start: Int, upTo end: Int) throws(WireError) -> Int {
        let quote = line[start]
        guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
            return readWord(line, from: start, upTo: end)
        }
        var index = start + 1
        while index < end, line[index] != quote {
            index += readCharacter(line, at: index, upTo: end, in: quote)
        }
        // As in Redis, the closing quote ends the argument.
        guard index < end, index + 1 == end || Self.isSpace(line[index + 1]) else {
            throw .fatal("Protocol error: unbalanced quotes in request")
        }
        return index + 1
    }

    private mutating func readWord(_ line: Span<UInt8>, from start: Int, upTo end: Int) -> Int {
        var index = start
        while index < end, !Self.isSpace(line[index]) {
            decoded.append(line[index])
            index += 1
        }
        return index
    }

    /// Decodes one character of a quoted string and tells how many bytes it took.
    private mutating func readCharacter(_ line: Span<UInt8>, at index: Int, upTo end: Int, in quote: UInt8) -> Int {
        guard line[index] == UInt8(ascii: "\\"), index + 1 < end else {
            decoded.append(line[index])
            return 1
        }
        let next = line[index + 1]
        if quote == UInt8(ascii: "'") {
            let isEscape = next == quote
            decoded.append(isEscape ? quote : line[index])
            return isEscape ? 2 : 1
        }
        if next == UInt8(ascii: "x"), index + 3 < end, let high = Hex.value(line[index + 2]),
            let low = Hex.value(line[index + 3])
        {
            decoded.append(high << 4 | low)
            return 4
        }
        decoded.append(Self.escape(next))
        return 2
    }

    private static func escape(_ letter: UInt8) -> UInt8 {
        switch letter {
        case UInt8(ascii: "n"): UInt8(ascii: "\n")
        case UInt8(ascii: "r"): UInt8(ascii: "\r")
        case UInt8(ascii: "t"): UInt8(ascii: "\t")
        case UInt8(ascii: "b"): 8
        case UInt8(ascii: "a"): 7
        default: letter
        }
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
    }
}
