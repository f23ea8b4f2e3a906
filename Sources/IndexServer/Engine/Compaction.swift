package import P2PRuntime

/// A compaction under way: the catalog of the titles that are kept, made beside the one in use.
///
/// It takes title by title in their order, then the list of each peer. What it has taken follows every change at once,
/// so that at the end it only has to change places with the other, however long the steps took. What came meanwhile is
/// taken last; a title that was dropped and is held again is a new one.
///
/// Its steps run while the index is lent for reading: no reader looks at it, one task alone makes the steps, and whoever
/// changes the index has kept both out.
package final class Compaction {
    /// What one peer has, in the new numbers.
    private struct Holdings {
        var titles = TitleSet()
        var partials: [ContentID: TitleID] = [:]
    }

    /// How many entries of a list are taken in the time of one title, whose name is taken apart and found anew.
    private static let entriesPerTitle = 32

    /// When it began.
    package let start: Moment
    private var catalog = Catalog()
    /// The new numbers of the titles so far and of their contents; none for what is dropped.
    private var titles: [TitleID] = []
    private var contents: [ContentID] = []
    /// The old numbers of the titles that are kept.
    private(set) var kept = BitSet()
    private var holdings: [Holdings] = []
    /// The peer and the title from which on lists are still to be taken.
    private var place = (slot: 0, title: 0 as TitleID)
    private var titlesBefore: Int

    init(of catalog: borrowing Catalog, start: Moment) {
        self.start = start
        titlesBefore = catalog.titles.count
        titles.reserveCapacity(titlesBefore)
    }

    // MARK: Steps

    /// Takes some more; true when nothing is left.
    func advance(_ old: borrowing Catalog, _ peers: [RegisteredPeer], entries: Int) -> Bool {
        // Twice as many as came since the last time, or it might never end.
        var budget = max(entries, 2 * Self.entriesPerTitle * (old.titles.count - titlesBefore))
        titlesBefore = old.titles.count
        while budget > 0, titles.count < old.titles.count { budget -= take(TitleID(titles.count), from: old) }
        while budget > 0, place.slot < peers.count {
            budget -= takeList(of: PeerSlot(place.slot), peers[place.slot], limit: budget)
        }
        catalog.indexNewTitles()
        return isComplete(old, peers)
    }

    func isComplete(_ old: borrowing Catalog, _ peers: [RegisteredPeer]) -> Bool {
        titles.count == old.titles.count && place.slot == peers.count
    }

    private func take(_ title: TitleID, from old: borrowing Catalog) -> Int {
        let record = old.titles[Int(title)]
        guard old.isKnown(title), let name = old.names.withBytes(record.name, { catalog.names.intern($0) }) else {
            titles.append(.none)
            return 1
        }
        let content = catalog.contents.intern(old.contents.identity(of: record.content).renamed(name))
        while contents.count <= Int(record.content) { contents.append(.none) }
        contents[Int(record.content)] = content
        titles.append(catalog.title(of: content, under: name))
        kept.insert(title)
        follow(title, in: old)
        return Self.entriesPerTitle
    }

    private func takeList(of slot: PeerSlot, _ peer: RegisteredPeer, limit: Int) -> Int {
        let some = peer.titles.some(from: place.title, limit: limit)
        for title in some { insert(title, of: slot) }
        if let last = some.last, peer.titles.first(from: last + 1) != nil {
            place.title = last + 1
            return some.count
        }
        place = (place.slot + 1, 0)
        for (content, title) in peer.partials { setPartial(title, of: content, by: slot) }
        return 1 + some.count + peer.partials.count
    }

    // MARK: Following

    /// A title has just been added.
    func noteAdded(_ title: TitleID, in old: borrowing Catalog) {
        if titles.count == Int(title) { _ = take(title, from: old) }
    }

    /// What is counted of a title, or of its content, is another.
    func follow(_ title: TitleID, in old: borrowing Catalog) {
        let content = old.titles[Int(title)].content
        if let new = Self.number(content, in: contents) {
            catalog.contents.adopt(old.contents.sources(content), live: old.contents.live(content), for: new)
        }
        guard let new = Self.number(title, in: titles) else { return }
        catalog.adopt(
            new, held: old.titles.held(title), shown: old.titles.shown(title),
            isOffline: old.offlineTitles.contains(title))
    }

    /// A peer has a title now.
    func noteHeld(_ title: TitleID, by slot: PeerSlot) {
        if hasTaken(title, of: slot) { insert(title, of: slot) }
    }

    /// It has it no longer.
    func noteStruck(_ title: TitleID, from slot: PeerSlot) {
        guard hasTaken(title, of: slot), let new = Self.number(title, in: titles) else { return }
        holdings[Int(slot)].titles.remove(new, named: catalog.titles[Int(new)].name)
    }

    /// A peer has a part of a content, listed under this title; nil: no longer.
    func notePartial(_ title: TitleID?, of content: ContentID, by slot: PeerSlot) {
        if slot < place.slot { setPartial(title, of: content, by: slot) }
    }

    /// Nobody has the place any more.
    func noteVacated(_ slot: PeerSlot) {
        if Int(slot) < holdings.count { holdings[Int(slot)] = Holdings() }
    }

    private func hasTaken(_ title: TitleID, of slot: PeerSlot) -> Bool {
        slot < place.slot || (slot == place.slot && title < place.title)
    }

    private func insert(_ title: TitleID, of slot: PeerSlot) {
        guard let new = Self.number(title, in: titles) else { return }
        makeRoom(for: slot)
        holdings[Int(slot)].titles.insert(new, named: catalog.titles[Int(new)].name)
    }

    private func setPartial(_ title: TitleID?, of content: ContentID, by slot: PeerSlot) {
        guard let content = Self.number(content, in: contents) else { return }
        makeRoom(for: slot)
        holdings[Int(slot)].partials[content] = title.flatMap { Self.number($0, in: titles) }
    }

    private func makeRoom(for slot: PeerSlot) {
        while holdings.count <= Int(slot) { holdings.append(Holdings()) }
    }

    // MARK: The end

    /// Changes places with the catalog in use. Who has what stays where it is: the lists of sources know peers only.
    func replace(_ old: inout Catalog) {
        catalog.indexNewTitles()
        old.compaction = nil
        swap(&old.sources, &catalog.sources)
        swap(&old, &catalog)
    }

    /// Changes what a peer has for the same in new numbers.
    func renumber(_ peer: inout RegisteredPeer, in slot: PeerSlot) {
        makeRoom(for: slot)
        swap(&peer.titles, &holdings[Int(slot)].titles)
        swap(&peer.partials, &holdings[Int(slot)].partials)
    }

    func renumber(_ sweep: inout Sweep) {
        sweep.next = kept.rank(of: sweep.next)
        sweep.counted = Set(sweep.counted.compactMap { Self.number($0, in: contents) })
    }

    func renumber(_ departed: inout DepartedTitles) {
        departed.renumber { Self.number($0, in: titles) }
    }

    /// The new number; nil for what is dropped or not taken yet.
    private static func number(_ old: UInt32, in numbers: [UInt32]) -> UInt32? {
        guard Int(old) < numbers.count, numbers[Int(old)] != .none else { return nil }
        return numbers[Int(old)]
    }
}

extension ContentIdentity {
    /// What it is when its name has another number.
    fileprivate func renamed(_ name: NameID) -> ContentIdentity {
        switch self {
        case .hashed: self
        case .unhashed(_, let size): .unhashed(name, size: size)
        case .bare: .bare(name)
        }
    }
}
