package import P2PProtocol
internal import P2PRuntime

/// Whose requests go before all others: those of the configuration until the user changes the list, which is then kept
/// in the peer's state.
package struct SavedFavourites: Sendable {
    /// More would not be favourites.
    package static let most = 1_000

    private let list: SavedList
    private let file: Bytes
    private let configured: [Bytes]

    /// They are kept in that file, which need not be there.
    package init(file: Bytes, configured: [Bytes]) {
        (self.file, self.configured) = (file, configured)
        list = SavedList(file: file)
    }

    /// Names, ids or addresses, in the order in which they were added.
    package var favourites: [Bytes] {
        // A list from which the last one was taken away is a list, too: of nobody.
        AtomicFile.load(file, atMost: Limits.standard.jsonBytes) == nil ? configured : list.entries
    }

    /// Adds one; false when it is there already.
    package func add(_ favourite: Bytes) throws -> Bool {
        let favourites = favourites
        guard !favourites.contains(favourite) else { return false }
        guard favourites.count < Self.most else { throw PeerFailure("\(Self.most) favourites are enough") }
        try list.save(favourites + [favourite])
        return true
    }

    /// Takes one away; false when it is not there.
    package func remove(_ favourite: Bytes) throws -> Bool {
        let favourites = favourites
        guard favourites.contains(favourite) else { return false }
        try list.save(favourites.filter { $0 != favourite })
        return true
    }
}
