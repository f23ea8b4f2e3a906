/// Whether the peer's port answered the index's question.
package enum Reachability: Sendable {
    case unknown
    case proven
    case refused
    /// The peer has left, and its list is remembered.
    case absent

    /// As the column `reachable` has it: null until it is known.
    package var isReachable: Bool? {
        switch self {
        case .unknown, .absent: nil
        case .proven: true
        case .refused: false
        }
    }
}
