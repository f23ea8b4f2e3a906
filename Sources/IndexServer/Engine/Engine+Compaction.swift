package import P2PRuntime

extension Engine {
    /// How often the catalog was compacted: numbers of titles and contents hold for one epoch.
    var epoch: Int { renumberings.epoch }

    /// The cursor in today's numbers.
    func resolve(_ cursor: Cursor) throws(Refusal) -> Cursor {
        try renumberings.resolve(cursor)
    }

    /// Compacts the catalog when half of it, and more than `least` titles, are dead; true when it did. Called now and
    /// then, with nobody reading: a million titles take some tenths of a second.
    package mutating func compactIfWorthwhile(now: Moment, atLeast least: Int = 1_024) -> Bool {
        departed.age(now: now)
        // Records on their way out are in no list of places.
        guard !isSweeping, catalog.deadTitles > least, catalog.deadTitles > catalog.titles.count / 2 else {
            return false
        }
        var survivors = BitSet(below: catalog.titles.count)
        for title in 0..<TitleID(catalog.titles.count) {
            if catalog.titles.held(title) > 0 || departed.remembers(title) { survivors.insert(title) }
        }
        guard survivors.count <= catalog.titles.count / 4 * 3 else { return false }
        compact(keeping: survivors)
        return true
    }

    private mutating func compact(keeping survivors: BitSet) {
        let (titles, contents) = catalog.compact(keeping: survivors)
        for slot in Array(dictionary.values) + absent.slots {
            peers[Int(slot)].titles = peers[Int(slot)].titles.renumbered(titles, in: catalog)
            peers[Int(slot)].partials = Dictionary(
                uniqueKeysWithValues: peers[Int(slot)].partials.compactMap { content, title in
                    contents[content].flatMap { content in titles[title].map { (content, $0) } }
                })
        }
        departed.renumber { titles[$0] }
        renumberings.note(survivors)
    }
}

extension TitleSet {
    fileprivate func renumbered(_ numbers: Renumbering, in catalog: borrowing Catalog) -> TitleSet {
        var set = TitleSet()
        forEach { old in
            if let new = numbers[old] { set.insert(new, named: catalog.titles[Int(new)].name) }
        }
        return set
    }
}
