internal import P2PProtocol

/// The look-up of a name that one title has: most searches of programs are such.
extension Engine {
    /// Answers a search of words one of which only one title has, and whose name is what was typed: then that title has
    /// the other words too, and their lists need not be looked at. False when it is not that simple.
    func listNamed(_ search: inout Search) -> Bool {
        for term in search.query.terms {
            guard case .word(let word) = term.condition, !term.isNegated else { return false }
            guard let list = catalog.words.find(word.span) else {
                // A word that no name has: nothing matches, whatever the other terms say.
                search.progress.isFinished = true
                return true
            }
            guard Postings.list(list) == nil else { continue }
            let name = catalog.titles[Int(list)].name
            guard areWords(search.query.terms),
                catalog.names.withBytes(name, { Folding.isASCII($0, foldedTo: search.query.exactText) })
            else { return false }
            search.progress.isFinished = true
            if isListed(list, search) { search.take(group(list, search.grouping)) }
            return true
        }
        return false
    }

    /// Whether a title may be in the answer.
    func isListed(_ title: TitleID, _ search: borrowing Search) -> Bool {
        catalog.shownTitles.contains(title) || (search.includesOffline && catalog.offlineTitles.contains(title))
    }

    private func areWords(_ terms: [Query.Term]) -> Bool {
        terms.allSatisfy { term in
            if case .word = term.condition { !term.isNegated } else { false }
        }
    }
}
