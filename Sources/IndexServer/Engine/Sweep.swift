/// A change of all that one peer lists, entry by entry. A share of millions takes many steps, between which others are
/// let at the index.
struct Sweep {
    enum Change {
        /// The peer's port is proven: its FILES entries appear.
        case reveal
        /// It no longer is: they disappear.
        case conceal
        /// The peer's whole list has come: what may be shown of it appears.
        case enter
        /// The peer has left, and what it has whole is kept for those who ask for what is offline.
        case keep
        /// The peer has left, or this record of it is outdated: all its entries go, and then its place.
        case dismiss(shown: Visibility, wasKept: Bool)
    }

    let change: Change
    let peer: PeerSlot
    /// The title to go on from.
    var next: TitleID = 0
    /// Contents that the peer has under several names and that were seen already: it is one source of each.
    var counted: Set<ContentID> = []

    /// Whether it is not known yet how much will be remembered.
    var isKeeping: Bool {
        if case .keep = change { true } else { false }
    }

    init(_ change: Change, of peer: PeerSlot) { (self.change, self.peer) = (change, peer) }
}
