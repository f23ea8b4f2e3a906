/// What a transfer means. In a registration it is the giver's consent, in `UPD GOT` what the taker has done.
package enum Ownership: Sendable {
    /// Both have it now: the default.
    case copy
    /// It leaves the giver and belongs to the taker.
    case move

    var word: Bytes {
        switch self {
        case .copy: Bytes(ascii: "COPY")
        case .move: Bytes(ascii: "MOVE")
        }
    }

    init?(_ keyword: Keyword) {
        switch keyword {
        case "COPY": self = .copy
        case "MOVE": self = .move
        default: return nil
        }
    }
}
