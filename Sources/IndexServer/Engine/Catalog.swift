internal import P2PProtocol

/// What is known of files, without the peers: names, contents, the titles that join them, the inverted index, and
/// who holds what. Counts are kept, never recounted.
struct Catalog: ~Copyable {
    var names = NameTable()
    var contents = ContentTable()
    var titles: [Title] = []
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
    /// Contents that are found, and titles that nobody holds.
    var shownContents = 0
    var deadTitles = 0

    /// The title of a content under a name, new or old. A new one enters the inverted index.
    mutating func title(of content: ContentID, under name: NameID) -> TitleID {
        if let known = findTitle(of: content, under: name) { return known }
        let title = link(content, under: name)
        deadTitles += 1
        let folded = folded(title)
        words.add(title, folded: folded)
        exact.add(title, folded: folded) { [names, titles] in
            var key = Bytes()
            names.withBytes(titles[Int($0)].name) { Folding.fold($0, into: &key) }
            return key
        }
        return title
    }

    /// Adds a title at the head of both chains.
    mutating func link(_ content: ContentID, under name: NameID) -> TitleID {
        let title = TitleID(titles.count)
        let (sibling, namesake) = (contents[content].firstTitle, names[name].firstTitle)
        titles.appendTightly(Title(content: content, name: name, nextOfContent: sibling, nextOfName: namesake))
        for alias in [sibling, title] where sibling != .none { aliases.insert(alias) }
        for homonym in [namesake, title] where namesake != .none { homonyms.insert(homonym) }
        contents[content].firstTitle = title
        names.link(title, to: name)
        return title
    }

    /// Follows both chains at once, for one of them is short: an empty file has thousands of names, `cover.jpg`
    /// thousands of contents, but not both.
    func findTitle(of content: ContentID, under name: NameID) -> TitleID? {
        var ofContent = contents[content].firstTitle
        var ofName = names[name].firstTitle
        while ofContent != .none, ofName != .none {
            if titles[Int(ofContent)].name == name { return ofContent }
            if titles[Int(ofName)].content == content { return ofName }
            ofContent = titles[Int(ofContent)].nextOfContent
            ofName = titles[Int(ofName)].nextOfName
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
        var best = contents[content].firstTitle
        var next = titles[Int(best)].nextOfContent
        while next != .none {
            let (one, other) = (titles[Int(next)], titles[Int(best)])
            if one.shown > other.shown || (one.shown == other.shown && names.precedes(one.name, other.name)) {
                best = next
            }
            next = one.nextOfContent
        }
        return best
    }
}
