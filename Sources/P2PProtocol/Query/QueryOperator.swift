/// The words before a colon that mean something in a query, and what may follow them.
enum QueryOperator {
    case name
    case fileExtension
    case size
    case peer
    case root

    static let longestName = 4

    /// The operator of this name; nil when there is none.
    init?(_ name: Keyword) {
        switch name {
        case "NAME": self = .name
        case "EXT": self = .fileExtension
        case "SIZE": self = .size
        case "PEER": self = .peer
        case "ROOT": self = .root
        default: return nil
        }
    }

    /// The condition that a value makes; the error says what was expected.
    func condition(_ value: Bytes) throws(WireError) -> Query.Condition {
        switch self {
        case .name: try Self.exactName(value)
        case .fileExtension: try Self.extensions(value)
        case .size: .size(try SizeRange.parse(value))
        case .peer: try Self.peer(value)
        case .root: try Self.root(value)
        }
    }

    private static func exactName(_ value: Bytes) throws(WireError) -> Query.Condition {
        let folded = Folding.fold(value)
        guard !folded.isEmpty else { throw WireError("query term name: needs a name") }
        return .exactName(folded)
    }

    private static func extensions(_ value: Bytes) throws(WireError) -> Query.Condition {
        let dot = UInt8(ascii: ".")
        let all = Folding.fold(value).split(separator: UInt8(ascii: ",")).map {
            Bytes($0.first == dot ? $0.dropFirst() : $0)
        }
        let unfit = Set([dot, UInt8(ascii: "/"), UInt8(ascii: "\"")])
        guard !all.isEmpty, all.allSatisfy({ !$0.isEmpty && $0.allSatisfy { $0 > 0x20 && !unfit.contains($0) } }) else {
            throw WireError("query term ext: needs extensions such as flac,mp3")
        }
        return .extensions(Set(all).sorted { $0.lexicographicallyPrecedes($1) })
    }

    private static func peer(_ value: Bytes) throws(WireError) -> Query.Condition {
        guard let id = Decimal.parse(value) else { throw WireError("query term peer: needs the id of a peer") }
        return .peer(id)
    }

    private static func root(_ value: Bytes) throws(WireError) -> Query.Condition {
        guard let root = Digest(hex: value) else { throw WireError("query term root: needs 64 hex digits") }
        return .root(root)
    }
}
