/// A JSON value. Text is UTF-8 bytes, members keep their order.
package enum JSON: Equatable, Sendable {
    case null
    case bool(Bool)
    case integer(Int)
    /// A number with a fraction or an exponent, or one that no `Int` holds.
    case number(Double)
    case string(Bytes)
    case array([JSON])
    case object([Member])

    /// A key with its value.
    package struct Member: Equatable, Sendable {
        package let key: Bytes
        package let value: JSON

        package init(_ key: Bytes, _ value: JSON) {
            self.key = key
            self.value = value
        }

        package init(_ key: StaticString, _ value: JSON) {
            self.init(Bytes(ascii: key), value)
        }
    }

    /// Text of our own.
    package static func text(_ text: String) -> JSON { .string(Bytes(text.utf8)) }

    /// A value that may be missing: null then.
    package static func optional(_ value: Int?) -> JSON { value.map { .integer($0) } ?? .null }
    package static func optional(_ value: Bytes?) -> JSON { value.map { .string($0) } ?? .null }

    /// Reads a document by RFC 8259, strictly: no duplicate keys, no comments, nothing after the value.
    package static func parse(_ bytes: Bytes, limits: Limits = .standard) throws(JSONError) -> JSON {
        var parser = JSONParser(bytes, limits: limits)
        return try parser.parse()
    }

    /// The document, in one line or with a member a line.
    package func encoded(isPretty: Bool = false) -> Bytes {
        var writer = JSONWriter(isPretty: isPretty)
        writer.value(self)
        return writer.bytes
    }
}

extension JSON {
    /// The member of an object; nil when there is none, or no object.
    package subscript(key: StaticString) -> JSON? {
        guard case .object(let members) = self else { return nil }
        let key = Bytes(ascii: key)
        return members.first { $0.key == key }?.value
    }

    package var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    package var integer: Int? {
        if case .integer(let value) = self { value } else { nil }
    }

    /// Any number, whole ones included.
    package var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    package var string: Bytes? {
        if case .string(let value) = self { value } else { nil }
    }

    package var array: [JSON]? {
        if case .array(let values) = self { values } else { nil }
    }

    package var members: [Member]? {
        if case .object(let members) = self { members } else { nil }
    }
}

extension JSON {
    /// The members for a byte string: `name`, which is text, and `nameBase64` beside it when the bytes are no UTF-8.
    package static func members(name bytes: Bytes, key: StaticString = "name") -> [Member] {
        let member = Member(key, .string(bytes))
        guard !UTF8Scalar.isValid(bytes.span) else { return [member] }
        return [member, Member(base64Key(key), .string(Base64.standard.encode(bytes)))]
    }

    /// The bytes that such members of an object stand for; nil when they are missing or malformed.
    package func name(_ key: StaticString = "name") -> Bytes? {
        let base64Key = Self.base64Key(key)
        if let exact = members?.first(where: { $0.key == base64Key }) {
            return exact.value.string.flatMap { Base64.standard.decode($0) }
        }
        return self[key]?.string
    }

    private static func base64Key(_ key: StaticString) -> Bytes { Bytes(ascii: key) + Bytes(ascii: "Base64") }
}
