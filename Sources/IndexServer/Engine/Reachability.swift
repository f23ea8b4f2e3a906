/// Whether the peer's port answered the index's question.
package enum Reachability: Sendable {
    case unknown
    case proven
    case refused
    /// The peer's list is still coming: nobody sees anything of it.
    case arriving
    /// The peer has left, and its list is remembered.
    case absent
    /// The peer has left, or registered anew, and this record of it lasts only until its entries are gone.
    case gone

    /// Whether it is the state of a peer in the dictionary.
    var isHere: Bool {
        switch self {
        case .unknown, .proven, .refused: true
        case .arriving, .absent, .gone: false
        }
    }

    /// What may be shown of what the peer lists.
    var visibility: Visibility {
        switch self {
        case .proven: .everything
        case .arriving: .nothing
        case .unknown, .refused, .absent, .gone: .bareNames
        }
    }

    /// As the column `reachable` has it: null until it is known.
    package var isReachable: Bool? {
        switch self {
        case .unknown, .arriving, .absent, .gone: nil
        case .proven: true
        case .refused: false
        }
    }
}

/// Which entries of a list may be shown.
enum Visibility {
    case nothing
    /// Those that say nothing of a content, which needs no proof.
    case bareNames
    case everything

    func includes(_ kind: Content.Kind) -> Bool {
        switch self {
        case .nothing: false
        case .bareNames: kind == .bare
        case .everything: true
        }
    }
}
