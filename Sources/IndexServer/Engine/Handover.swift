package import P2PProtocol

/// What UPD GOT did to the list of one peer, for those who keep lists elsewhere.
package struct Handover: Sendable {
    package enum Change: Sendable {
        case took(FileEntry)
        /// Nothing that is kept stands under this path any more.
        case gave(Name)
    }

    package let peer: PeerID
    package let change: Change
}
