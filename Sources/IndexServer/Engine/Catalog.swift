internal import P2PProtocol

/// What is known of files, without the peers: names, contents, the titles that join them, the inverted index, and
/// who holds what. Counts are kept, never recounted.
struct Catalog: ~Copyable {
    var names = NameTable()
    var contents = ContentTable()
    var titles = TitleTable()
    var words = WordIndex()
    var exact = ExactIndex()
    /// A bit for each title, so that counting the titles of a common word touches little memory: those that are shown,
    /// those whose content has other titles too, and those whose name has.
    var shownTitles = BitSet()
    /// Titles that an absent peer is remembered to hold, shown or not.
    var offlineTitles = BitSet()
    var aliases = BitSet()
    var homonyms = BitSet()
    var sources = SourceLists()
    /// Titles that somebody holds, shown or not.
    var heldTitles = BitSet()
    /// Contents that are found.
    var shownContents = 0
    /// The compaction under way, and the titles that it leaves out.
    var compaction: Compaction?
    var dropped = BitSet()
    /// Whether titles wait for `catchUp`: until then a search looks at the name of each.
    private(set) var isBehind = false

    /// The title of a content under a name, new or old. A new one enters the inverted index with `indexNewTitles()`,
    /// which whoever adds titles calls before anybody may search.
    mutating func title(of content: ContentID, under name: NameID) -> TitleID {
        if let known = findTitle(of: content, under: name), isKnown(known) { return known }
        let title = link(content, under: name)
        compaction?.noteAdded(title, in: self)
        return title
    }

    /// Titles that are not in the inverted index.
    var waitingTitles: Range<TitleID> { TitleID(words.titleCount)..<TitleID(titles.count) }

    /// Puts the titles that have been added behind their words and keys, unless others wait there already: lists only
    /// grow at their end.
    mutating func indexNewTitles() {
        if !isBehind { index(atMost: .max) }
    }

    /// Leaves the titles that have been added, and all that come, to `catchUp`.
    mutating func fallBehind() { isBehind = !waitingTitles.isEmpty }

    /// Puts some of the titles that wait behind their words and keys; true when none is left.
    mutating func catchUp(atMost count: Int) -> Bool {
        index(atMost: count)
        isBehind = !waitingTitles.isEmpty
        return !isBehind
    }

    private mutating func index(atMost count: Int) {
        let end = waitingTitles.lowerBound + TitleID(min(count, waitingTitles.count))
        while waitingTitles.lowerBound < end {
            var new = NewTitles()
            for title in waitingTitles.lowerBound..<min(end, waitingTitles.lowerBound + NewTitles.most) {
                names.withBytes(titles[Int(title)].name) { new.append(title, name: $0) }
            }
            words.add(new)
            exact.add(new, titles: titles, names: names)
        }
    }

    /// Adds a title at the head of both chains.
    mutating func link(_ content: ContentID, under name: NameID) -> TitleID {
        let (sibling, namesake) = (contents[content].newestTitle, names.newestTitle(name))
        let title = titles.append(
            Title(content: content, name: name), beforeOfContent: sibling, beforeOfName: namesake)
        if sibling != .none {
            aliases.insert(sibling)
            aliases.insert(title)
        }
        if namesake != .none {
            homonyms.insert(namesake)
            homonyms.insert(title)
        }
        contents.link(title, to: content)
        names.link(title, to: name)
        return title
    }

    /// Follows both chains at once, for one of them is short: an empty file has thousands of names, `cover.jpg`
    /// thousands of contents, but not both.
    func findTitle(of content: ContentID, under name: NameID) -> TitleID? {
        var ofContent = contents[content].newestTitle
        var ofName = names.newestTitle(name)
        while ofContent != .none, ofName != .none {
            if titles[Int(ofContent)].name == name { return ofContent }
            if titles[Int(ofName)].content == content { return ofName }
            ofContent = titles.nextOfContent(ofContent)
            ofName = titles.nextOfName(ofName)
        }
        return nil
    }

    /// The search key of a title's name.
    func folded(_ title: TitleID) -> Bytes {
        var key = Bytes()
        names.withBytes(titles[Int(title)].name) { name in
            key.reserveCapacity(name.count)
            Folding.fold(name, into: &key)
        }
        return key
    }

    /// The name that most sources use, bytewise first on a tie; of an unshown content the name it had.
    func bestTitle(of content: ContentID) -> TitleID {
        var best = contents[content].newestTitle
        var next = titles.nextOfContent(best)
        while next != .none {
            if isKnown(next), !isKnown(best) || isUsedMore(next, than: best) { best = next }
            next = titles.nextOfContent(next)
        }
        return best
    }

    private func isUsedMore(_ title: TitleID, than other: TitleID) -> Bool {
        let (uses, least) = (titles.shown(title), titles.shown(other))
        return uses != least ? uses > least : names.precedes(titles[Int(title)].name, titles[Int(other)].name)
    }
}
