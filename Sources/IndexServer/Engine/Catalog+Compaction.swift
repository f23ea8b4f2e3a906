/// Dropping what nobody holds any more. The rest moves together and keeps its order.
extension Catalog {
    /// The catalog of the surviving titles, with the new numbers of titles and contents.
    mutating func compact(keeping survivors: BitSet) -> (titles: Renumbering, contents: Renumbering) {
        var usedNames = BitSet(below: names.records.count)
        var usedContents = BitSet(below: contents.records.count)
        for (number, title) in titles.enumerated() where survivors.contains(TitleID(number)) {
            usedNames.insert(title.name)
            usedContents.insert(title.content)
        }
        let titleNumbers = Renumbering(survivors, below: titles.count)
        let nameNumbers = Renumbering(usedNames, below: names.records.count)
        let contentNumbers = Renumbering(usedContents, below: contents.records.count)
        names = names.compacted(keeping: usedNames)
        contents = contents.compacted(keeping: usedContents, names: nameNumbers)
        words = words.compacted(titleNumbers)
        exact = exact.compacted(titleNumbers)
        relink(survivors, names: nameNumbers, contents: contentNumbers)
        return (titleNumbers, contentNumbers)
    }

    private mutating func relink(_ survivors: BitSet, names nameNumbers: Renumbering, contents numbers: Renumbering) {
        let (old, offline) = (titles, offlineTitles)
        titles = []
        titles.reserveCapacity(survivors.count)
        (shownTitles, offlineTitles, aliases, homonyms) = (BitSet(), BitSet(), BitSet(), BitSet())
        deadTitles = 0
        for (number, title) in old.enumerated() where survivors.contains(TitleID(number)) {
            guard let name = nameNumbers[title.name], let content = numbers[title.content] else { continue }
            let new = link(content, under: name)
            (titles[Int(new)].held, titles[Int(new)].shown) = (title.held, title.shown)
            if title.shown > 0 { shownTitles.insert(new) }
            if offline.contains(TitleID(number)) { offlineTitles.insert(new) }
            if title.held == 0 { deadTitles += 1 }
        }
    }
}

extension NameTable {
    fileprivate func compacted(keeping survivors: BitSet) -> NameTable {
        var table = NameTable()
        for (number, record) in records.enumerated() where survivors.contains(NameID(number)) {
            let name = withBytes(NameID(number)) { table.intern($0) }
            if let name, record.shown > 0 { table.show(name, times: record.shown) }
        }
        return table
    }
}

extension ContentTable {
    fileprivate func compacted(keeping survivors: BitSet, names: Renumbering) -> ContentTable {
        var table = ContentTable()
        for (number, record) in records.enumerated() where survivors.contains(ContentID(number)) {
            guard let identity = identity(of: ContentID(number)).renamed(names) else { continue }
            let content = table.intern(identity)
            table[content].shownTitles = record.shownTitles
            table[content].sources = record.sources
            table[content].live = record.live
        }
        return table
    }
}

extension ContentIdentity {
    fileprivate func renamed(_ names: Renumbering) -> ContentIdentity? {
        switch self {
        case .hashed: self
        case .unhashed(let name, let size): names[name].map { .unhashed($0, size: size) }
        case .bare(let name): names[name].map { .bare($0) }
        }
    }
}
