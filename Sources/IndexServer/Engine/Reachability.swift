/// Whether the peer's port answered the index's question.
package enum Reachability: Sendable {
    case unknown
    case proven
    case refused
    /// The peer has left, and its list is remembered.
    case absent
    /// The peer has left, or registered anew, and this record of it lasts only until its entries are gone.
    case gone

    /// Whether it is the state of a peer in the dictionary.
    var isHere: Bool { self != .absent && self != .gone }

    /// As the column `reachable` has it: null until it is known.
    package var isReachable: Bool? {
        switch self {
        case .unknown, .absent, .gone: nil
        case .proven: true
        case .refused: false
        }
    }
}
