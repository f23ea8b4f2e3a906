/// An array, map, set or push of which not all elements have arrived.
struct OpenAggregate: Sendable {
    enum Kind: Sendable {
        case array, map, set, push

        init?(_ type: UInt8) {
            switch type {
            case UInt8(ascii: "*"): self = .array
            case UInt8(ascii: "%"): self = .map
            case UInt8(ascii: "~"): self = .set
            case UInt8(ascii: ">"): self = .push
            default: return nil
            }
        }
    }

    let kind: Kind
    /// Elements that make it whole: two for each pair of a map.
    let expected: Int
    var elements: [Reply] = []

    /// `count` is what the header says, at most `Limits.replyBytes`.
    init(kind: Kind, count: Int) {
        self.kind = kind
        expected = kind == .map ? count * 2 : count
    }

    var isComplete: Bool { elements.count == expected }

    var reply: Reply {
        switch kind {
        case .array: .array(elements)
        case .set: .set(elements)
        case .push: .push(elements)
        case .map:
            .map(
                stride(from: 0, to: elements.count - 1, by: 2).map {
                    Reply.Pair(key: elements[$0], value: elements[$0 + 1])
                })
        }
    }
}
