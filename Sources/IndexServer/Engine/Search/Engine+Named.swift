package import P2PProtocol

/// The look-up of a name that one title has: most searches of programs are such.
extension Engine {
    /// What a single look tells of a search.
    package enum LookUp: Equatable {
        /// Nothing matches.
        case nothing
        /// This content matches, and nothing else.
        case content(ContentID)
        case undecided
    }

    /// Looks for words one of which only one title has, and whose name is what was typed: then that title has the other
    /// words too, and their lists need not be read.
    package func lookUp(_ words: PlainWords) -> LookUp {
        guard !catalog.isBehind else { return .undecided }
        for index in 0..<words.count {
            // A word that no name has: nothing matches, whatever the others say.
            guard let list = words.withWord(index, { catalog.words.find($0) }) else { return .nothing }
            guard Postings.list(list) == nil else { continue }
            return lookUp(words, in: list)
        }
        return .undecided
    }

    /// The same for several searches, step by step for all of them: side by side their waits for memory overlap, where
    /// one by one they would add up.
    package func lookUp(_ group: [PlainWords]) -> [LookUp] {
        guard !catalog.isBehind else { return group.map { _ in .undecided } }
        var approaches = group.map { words in words.withWord(words.longest) { Approach($0) } }
        for index in approaches.indices {
            approaches[index].seen = catalog.words.approach(approaches[index].hash)
        }
        for index in approaches.indices {
            approaches[index].word = catalog.words.candidate(approaches[index].hash)
        }
        for index in approaches.indices {
            guard let word = approaches[index].word else { continue }
            approaches[index].title = catalog.words.find(word, approaches[index].spelling)
            if approaches[index].title.flatMap(Postings.list) != nil { approaches[index].title = nil }
        }
        for index in approaches.indices {
            guard let title = approaches[index].title else { continue }
            approaches[index].name = catalog.titles[Int(title)].name
        }
        for index in approaches.indices {
            guard let name = approaches[index].name else { continue }
            approaches[index].seen = catalog.names.start(of: name)
        }
        return group.indices.map { index in
            // Whatever is not as it mostly is takes the way of one search.
            guard let title = approaches[index].title else { return lookUp(group[index]) }
            return lookUp(group[index], in: title)
        }
    }

    private func lookUp(_ words: PlainWords, in title: TitleID) -> LookUp {
        let record = catalog.titles[Int(title)]
        let isTyped = catalog.names.withBytes(record.name) { name in
            words.withText { Folding.isASCII(name, foldedTo: $0) }
        }
        guard isTyped else { return .undecided }
        return catalog.shownTitles.contains(title) ? .content(record.content) : .nothing
    }

    /// Whether a title may be in the answer.
    func isListed(_ title: TitleID, _ search: borrowing Search) -> Bool {
        catalog.shownTitles.contains(title) || (search.includesOffline && catalog.offlineTitles.contains(title))
    }
}

/// How far a look-up has come on its way from a word to the title that has it.
private struct Approach {
    let hash: UInt32
    let spelling: Spelling
    var word: UInt32?
    var title: TitleID?
    var name: NameID?
    /// What was read only to have it at hand.
    var seen: UInt32 = 0

    init(_ word: Span<UInt8>) {
        hash = IDTable.hash(word)
        spelling = Spelling(word)
    }
}
