/// What a compaction needs to know of a catalog, and what is told to it.
extension Catalog {
    /// Titles that nobody holds.
    var deadTitles: Int { titles.count - heldTitles.count }

    /// Whether a title is to stay. One that is dropped has been forgotten, whatever still stands there.
    func isKnown(_ title: TitleID) -> Bool { !dropped.contains(title) }

    /// Takes over what was counted of a title elsewhere.
    mutating func adopt(_ title: TitleID, held: UInt32, shown: UInt32, isOffline: Bool) {
        let wasShown = titles.shown(title) > 0
        titles.count(title, held: held, shown: shown)
        if held > 0 { heldTitles.insert(title) } else { heldTitles.remove(title) }
        setOffline(title, isOffline)
        if wasShown != (shown > 0) { if wasShown { disappear(title) } else { appear(title) } }
    }

    /// Whether an absent peer is remembered to hold a title.
    mutating func setOffline(_ title: TitleID, _ isOffline: Bool) {
        if isOffline { offlineTitles.insert(title) } else { offlineTitles.remove(title) }
        compaction?.follow(title, in: self)
    }
}
