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
        for index in 0..<words.count {
            // A word that no name has: nothing matches, whatever the others say.
            guard let list = words.withWord(index, { catalog.words.find($0) }) else { return .nothing }
            guard Postings.list(list) == nil else { continue }
            let title = catalog.titles[Int(list)]
            let isTyped = catalog.names.withBytes(title.name) { name in
                words.withText { Folding.isASCII(name, foldedTo: $0) }
            }
            guard isTyped else { return .undecided }
            return catalog.shownTitles.contains(list) ? .content(title.content) : .nothing
        }
        return .undecided
    }

    /// Whether a title may be in the answer.
    func isListed(_ title: TitleID, _ search: borrowing Search) -> Bool {
        catalog.shownTitles.contains(title) || (search.includesOffline && catalog.offlineTitles.contains(title))
    }
}
