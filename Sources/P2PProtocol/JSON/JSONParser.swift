/// Reads one JSON document. It calls itself only as deep as `Limits.depth`, so no input exhausts the stack.
struct JSONParser {
    private let bytes: Bytes
    private let limits: Limits
    private var position = 0

    init(_ bytes: Bytes, limits: Limits) {
        self.bytes = bytes
        self.limits = limits
    }

    mutating func parse() throws(JSONError) -> JSON {
        guard bytes.count <= limits.jsonBytes else { throw fault("document is longer than \(limits.jsonBytes) bytes") }
        skipSpaces()
        let value = try value(depth: 1)
        skipSpaces()
        guard position == bytes.count else { throw fault("something follows the value") }
        return value
    }

    private mutating func value(depth: Int) throws(JSONError) -> JSON {
        switch next {
        case UInt8(ascii: "{")?: return .object(try members(depth: depth))
        case UInt8(ascii: "[")?: return .array(try elements(depth: depth))
        case UInt8(ascii: "\"")?: return .string(try string())
        case UInt8(ascii: "t")?: return try word("true", .bool(true))
        case UInt8(ascii: "f")?: return try word("false", .bool(false))
        case UInt8(ascii: "n")?: return try word("null", .null)
        case UInt8(ascii: "-")?, (UInt8(ascii: "0")...UInt8(ascii: "9"))?: return try number()
        default: throw fault("expected a value")
        }
    }

    private mutating func members(depth: Int) throws(JSONError) -> [JSON.Member] {
        var members: [JSON.Member] = []
        var keys = KnownKeys()
        try list(depth: depth, closing: UInt8(ascii: "}")) { (parser) throws(JSONError) in
            let start = parser.position
            guard parser.next == UInt8(ascii: "\"") else { throw parser.fault("expected a key in quotes") }
            let key = try parser.string()
            guard keys.insert(key, beside: members) else { throw parser.fault("duplicate key", at: start) }
            parser.skipSpaces()
            guard parser.take(UInt8(ascii: ":")) else { throw parser.fault("expected a colon") }
            parser.skipSpaces()
            members.append(JSON.Member(key, try parser.value(depth: depth + 1)))
        }
        return members
    }

    /// The keys of an object: of few members a set of them costs more than looking through them.
    private struct KnownKeys {
        private static let few = 16
        private var keys: Set<Bytes> = []

        /// False for one that is there already.
        mutating func insert(_ key: Bytes, beside members: [JSON.Member]) -> Bool {
            guard members.count >= Self.few else { return !members.contains { $0.key == key } }
            if keys.isEmpty { keys = Set(members.map(\.key)) }
            return keys.insert(key).inserted
        }
    }

    private mutating func elements(depth: Int) throws(JSONError) -> [JSON] {
        var elements: [JSON] = []
        try list(depth: depth, closing: UInt8(ascii: "]")) { (parser) throws(JSONError) in
            elements.append(try parser.value(depth: depth + 1))
        }
        return elements
    }

    /// What objects and arrays share: a bracket, items between commas, the other bracket.
    private mutating func list(
        depth: Int, closing: UInt8, item: (inout JSONParser) throws(JSONError) -> Void
    ) throws(JSONError) {
        guard depth <= limits.depth else { throw fault("nested deeper than \(limits.depth)") }
        position += 1
        skipSpaces()
        if take(closing) { return }
        while true {
            try item(&self)
            skipSpaces()
            if take(closing) { return }
            guard take(UInt8(ascii: ",")) else { throw fault("expected a comma or a closing bracket") }
            skipSpaces()
        }
    }

    private mutating func word(_ text: StaticString, _ value: JSON) throws(JSONError) -> JSON {
        let word = Bytes(ascii: text)
        guard bytes[position...].starts(with: word) else { throw fault("expected a value") }
        position += word.count
        return value
    }
}

// MARK: Numbers

extension JSONParser {
    private mutating func number() throws(JSONError) -> JSON {
        let start = position
        let isNegative = take(UInt8(ascii: "-"))
        let digits = skipDigits()
        guard digits > 0 else { throw fault("expected a digit") }
        let first = position - digits
        guard digits == 1 || bytes[first] != UInt8(ascii: "0") else {
            throw fault("a number begins with 0", at: start)
        }
        let hasFraction = try skipFraction()
        let hasExponent = try skipExponent()
        if !hasFraction, !hasExponent, let magnitude = Decimal.parse(bytes[first..<position]) {
            return .integer(isNegative ? -magnitude : magnitude)
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard let value = Double(text), value.isFinite else { throw fault("number is out of range", at: start) }
        return .number(value)
    }

    private mutating func skipFraction() throws(JSONError) -> Bool {
        guard take(UInt8(ascii: ".")) else { return false }
        guard skipDigits() > 0 else { throw fault("expected a digit") }
        return true
    }

    private mutating func skipExponent() throws(JSONError) -> Bool {
        guard take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) else { return false }
        _ = take(UInt8(ascii: "+")) || take(UInt8(ascii: "-"))
        guard skipDigits() > 0 else { throw fault("expected a digit") }
        return true
    }

    private mutating func skipDigits() -> Int {
        let start = position
        while let digit = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) { position += 1 }
        return position - start
    }
}

// MARK: Strings

extension JSONParser {
    private mutating func string() throws(JSONError) -> Bytes {
        let start = position
        var text = Bytes()
        position += 1
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return text
            case UInt8(ascii: "\\"):
                try escape(into: &text)
            case ..<0x20:
                throw fault("control character in a string")
            case 0x20..<0x80:
                let plain = position
                repeat { position += 1 } while next.map { Self.isPlain($0) } ?? false
                text += bytes[plain..<position]
            default:
                guard let scalar = UTF8Scalar(in: bytes.span, at: position) else { throw fault("invalid UTF-8") }
                text += bytes[position..<position + scalar.length]
                position += scalar.length
            }
        }
        throw fault("string is not closed", at: start)
    }

    /// Whether a byte is a character that stands for itself.
    private static func isPlain(_ byte: UInt8) -> Bool {
        (0x20..<0x80).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    private mutating func escape(into text: inout Bytes) throws(JSONError) {
        let start = position
        position += 1
        guard let letter = next else { throw fault("string is not closed", at: start) }
        position += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(letter)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): text.append(scalar: try escapedScalar(from: start))
        default: throw fault("unknown escape", at: start)
        }
    }

    private mutating func escapedScalar(from start: Int) throws(JSONError) -> UInt32 {
        let unit = try fourDigits(from: start)
        guard (0xD800...0xDFFF).contains(unit) else { return unit }
        guard unit < 0xDC00, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
            throw fault("half of a surrogate pair", at: start)
        }
        let low = try fourDigits(from: start)
        guard (0xDC00...0xDFFF).contains(low) else { throw fault("half of a surrogate pair", at: start) }
        return 0x1_0000 + (unit - 0xD800) << 10 + (low - 0xDC00)
    }

    private mutating func fourDigits(from start: Int) throws(JSONError) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = next, let nibble = Hex.value(digit) else { throw fault("unknown escape", at: start) }
            unit = unit << 4 | UInt32(nibble)
            position += 1
        }
        return unit
    }
}

// MARK: Bytes

extension JSONParser {
    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipSpaces() {
        while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { position += 1 }
    }

    private func fault(_ message: String, at offset: Int? = nil) -> JSONError {
        JSONError(message, at: offset ?? position, in: bytes)
    }
}
