/// Finds the end of a head, and the lines in it, without looking at any byte twice however slowly they trickle in.
///
/// Every line ends in CR LF and in nothing else. A bare CR or LF is what one reader takes for a line's end and the
/// next one does not, so it ends the connection.
struct HeadScanner: Sendable {
    /// The lines so far, without their ends; the first is the start line.
    private(set) var lines: [Range<Int>] = []
    private let limits: Limits
    private var scanned = 0
    private var lineStart: Int
    private var afterCarriageReturn = false
    private var skippedEmptyLine = false

    /// What a method, two spaces and a version take beside the target.
    private static let startLineRest = 32

    init(limits: Limits, from start: Int = 0) {
        self.limits = limits
        scanned = start
        lineStart = start
    }

    /// The number of bytes up to the end of the head, or nil while it has not ended. The same bytes must stand at
    /// the same places in every call.
    mutating func scan(_ bytes: Span<UInt8>) throws(HTTPFault) -> Int? {
        while scanned < min(bytes.count, limits.headBytes) {
            let byte = bytes[scanned]
            scanned += 1
            if try step(byte) { return scanned }
        }
        guard scanned < limits.headBytes else { throw HTTPFault(.headTooLarge, "the head is too large") }
        return nil
    }

    /// Takes one byte; true when it ends the head.
    private mutating func step(_ byte: UInt8) throws(HTTPFault) -> Bool {
        if byte == HTTPGrammar.lineFeed {
            guard afterCarriageReturn else { throw .bad("a line ends in LF alone") }
            afterCarriageReturn = false
            return try endLine()
        }
        guard !afterCarriageReturn else { throw .bad("a CR stands alone") }
        afterCarriageReturn = byte == HTTPGrammar.carriageReturn
        if lines.isEmpty, scanned - lineStart > limits.targetBytes + Self.startLineRest {
            throw HTTPFault(.uriTooLong, "the start line is too long")
        }
        return false
    }

    private mutating func endLine() throws(HTTPFault) -> Bool {
        let line = lineStart..<(scanned - 2)
        lineStart = scanned
        if line.isEmpty {
            // One empty line before the start line is allowed: old clients send it after a POST's body.
            if lines.isEmpty && skippedEmptyLine { throw .bad("the head begins with empty lines") }
            skippedEmptyLine = true
            return !lines.isEmpty
        }
        guard lines.count <= limits.headFields else { throw HTTPFault(.headTooLarge, "the head has too many fields") }
        lines.append(line)
        return false
    }
}
