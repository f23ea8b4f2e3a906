package import P2PProtocol

/// Where a page of a folder begins. It holds the name that the page before ended with, so that it stays right when
/// files come and go in between.
package enum ShareCursor: Equatable, Sendable {
    case start
    /// After this entry, whether it is still there or not.
    case after(Bytes)

    /// Reads a cursor of a request: `0`, nothing, or one that an answer gave; nil for anything else.
    package init?(_ text: Bytes?) {
        guard let text, !text.isEmpty, text != Self.start.text else {
            self = .start
            return
        }
        guard let name = Hex.decode(text) else { return nil }
        self = .after(name)
    }

    /// The cursor as it travels: a lone digit, or an even number of them.
    package var text: Bytes {
        switch self {
        case .start: Bytes(ascii: "0")
        case .after(let name): Hex.encode(name)
        }
    }
}
