/// The replies that are a length and then bytes.
enum BulkKind {
    case string, error, verbatim

    init?(_ type: UInt8) {
        switch type {
        case UInt8(ascii: "$"): self = .string
        case UInt8(ascii: "!"): self = .error
        case UInt8(ascii: "="): self = .verbatim
        default: return nil
        }
    }

    /// The reply that these bytes are; nil when they cannot be one.
    func reply(_ bytes: Bytes) -> Reply? {
        switch self {
        case .string: return .bulk(bytes)
        case .error: return .error(bytes)
        case .verbatim:
            guard bytes.count >= 4, bytes[3] == UInt8(ascii: ":") else { return nil }
            return .verbatim(format: Bytes(bytes[..<3]), text: Bytes(bytes[4...]))
        }
    }
}
