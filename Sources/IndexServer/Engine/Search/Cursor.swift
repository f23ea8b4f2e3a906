internal import P2PProtocol

/// Where an answer goes on: at a title, which keeps its number until the catalog is compacted, and then follows.
struct Cursor: Equatable {
    /// Exact names are listed first, then the rest.
    enum Phase: Int {
        case exact
        case rest
    }

    /// What is written where nothing follows.
    static let end: Bytes = [UInt8(ascii: "0")]

    var phase = Phase.exact
    var title: TitleID = 0
    /// Compactions before the answer that gave it.
    var epoch = 0

    init(phase: Phase, title: TitleID, epoch: Int) {
        (self.phase, self.title, self.epoch) = (phase, title, epoch)
    }

    /// From what an answer gave; nil, or `0`, is the beginning.
    static func parse(_ text: Bytes?) throws(Refusal) -> Cursor? {
        guard let text else { return nil }
        guard let number = Decimal.parse(text) else { throw .badCursor }
        guard number > 0 else { return nil }
        let packed = number - 1
        let phase = Phase(rawValue: (packed >> 31) & 1) ?? .exact
        return Cursor(phase: phase, title: TitleID(packed & 0x7FFF_FFFF), epoch: packed >> 32)
    }

    /// Digits, never `0`, which ends.
    var text: Bytes {
        var text = Bytes()
        text.append(decimal: (epoch << 32 | phase.rawValue << 31 | Int(title)) + 1)
        return text
    }
}
