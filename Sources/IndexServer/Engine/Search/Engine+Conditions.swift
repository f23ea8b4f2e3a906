internal import P2PProtocol

/// Conditions that no list answers.
extension Engine {
    /// Whether a title meets what is left of a query.
    func passes(_ title: TitleID, _ plan: SearchPlan) -> Bool {
        let content = catalog.titles[Int(title)].content
        guard plan.onContent.allSatisfy({ holds($0.condition, for: content) != $0.isNegated }) else { return false }
        guard !plan.onName.isEmpty else { return true }
        let subject = QuerySubject(name: catalog.names.bytes(catalog.titles[Int(title)].name))
        return Query(terms: plan.onName, exactText: []).matches(subject)
    }

    private func holds(_ condition: Query.Condition, for content: ContentID) -> Bool {
        switch condition {
        case .size(let range): size(of: content).map(range.contains) ?? false
        case .peer(let id): slot(id).map { isSource($0, of: content) } ?? false
        default: false
        }
    }

    private func isSource(_ peer: PeerSlot, of content: ContentID) -> Bool {
        shows(content, of: peer) && catalog.sources.position(of: peer, in: catalog.contents[content].sources) != nil
    }
}
