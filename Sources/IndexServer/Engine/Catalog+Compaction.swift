/// Dropping what nobody holds any more. The rest moves together and keeps its order.
extension Catalog {
    /// The catalog of the surviving titles, with the new numbers of titles and contents.
    mutating func compact(keeping survivors: BitSet) -> (titles: Renumbering, contents: Renumbering) {
        var usedNames = BitSet(below: names.count)
        var usedContents = BitSet(below: contents.count)
        survivors.forEach { number in
            usedNames.insert(titles[Int(number)].name)
            usedContents.insert(titles[Int(number)].content)
        }
        let titleNumbers = Renumbering(survivors, below: titles.count)
        let nameNumbers = Renumbering(usedNames, below: names.count)
        let contentNumbers = Renumbering(usedContents, below: contents.count)
        names = names.compacted(keeping: usedNames)
        contents = contents.compacted(keeping: usedContents, names: nameNumbers)
        words = words.compacted(titleNumbers)
        exact = exact.compacted(titleNumbers)
        relink(survivors, names: nameNumbers, contents: contentNumbers)
        return (titleNumbers, contentNumbers)
    }

    private mutating func relink(_ survivors: BitSet, names nameNumbers: Renumbering, contents numbers: Renumbering) {
        let (old, offline) = (titles, offlineTitles)
        titles = TitleTable()
        (shownTitles, offlineTitles, aliases, homonyms) = (BitSet(), BitSet(), BitSet(), BitSet())
        deadTitles = 0
        survivors.forEach { number in
            let title = old[Int(number)]
            guard let name = nameNumbers[title.name], let content = numbers[title.content] else { return }
            let new = link(content, under: name)
            titles.count(new, held: old.held(number), shown: old.shown(number))
            if old.held(number) == 0 { deadTitles += 1 }
            if offline.contains(number) { offlineTitles.insert(new) }
            guard old.shown(number) > 0 else { return }
            shownTitles.insert(new)
            names.show(name)
            _ = contents.show(content)
        }
    }
}

extension NameTable {
    fileprivate func compacted(keeping survivors: BitSet) -> NameTable {
        var table = NameTable()
        survivors.forEach { name in _ = withBytes(name) { table.intern($0) } }
        return table
    }
}

extension ContentTable {
    fileprivate func compacted(keeping survivors: BitSet, names: Renumbering) -> ContentTable {
        var table = ContentTable()
        survivors.forEach { number in
            guard let identity = identity(of: number).renamed(names) else { return }
            table.adopt(sources(number), live: live(number), for: table.intern(identity))
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
