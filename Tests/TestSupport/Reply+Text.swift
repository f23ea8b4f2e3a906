package import P2PProtocol

extension Reply {
    /// The reply on one line, each kind with a look of its own: `[1, "name", nil]`, `{"id": 1}`, `+OK`, `-ERR …`.
    package var text: String {
        switch self {
        case .simple(let bytes): "+" + Self.string(bytes)
        case .error(let bytes): "-" + Self.string(bytes)
        case .integer(let value): "\(value)"
        case .bulk(let bytes): "\"\(Self.string(bytes))\""
        case .null: "nil"
        case .boolean(let value): "\(value)"
        case .double(let value): ",\(value)"
        case .bigNumber(let bytes): "(" + Self.string(bytes)
        case .verbatim(let format, let text): "=\(Self.string(format)):\(Self.string(text))"
        case .array(let elements): "[\(Self.list(elements))]"
        case .set(let elements): "~[\(Self.list(elements))]"
        case .push(let elements): ">[\(Self.list(elements))]"
        case .map(let pairs): "{\(pairs.map { "\($0.key.text): \($0.value.text)" }.joined(separator: ", "))}"
        }
    }

    private static func string(_ bytes: Bytes) -> String { String(decoding: bytes, as: UTF8.self) }

    private static func list(_ elements: [Reply]) -> String { elements.map(\.text).joined(separator: ", ") }
}
