package import P2PProtocol

/// What is asked of an index, with answers of their own types.
extension IndexConnection {
    package func register(_ registration: Registration) async throws(IndexFailure) -> IndexRegistration {
        try IndexRegistration(try await ask(.register(registration)))
    }

    /// The number of entries that changed.
    @discardableResult
    package func update(_ update: Update) async throws(IndexFailure) -> Int {
        try Self.integer(try await ask(.update(update)))
    }

    package func search(
        _ query: Bytes, page: Page = Page(), offline: Bool = false, within limit: Duration = .seconds(10)
    ) async throws(IndexFailure) -> IndexPage<IndexHit> {
        let request = SearchRequest(query: query, page: page, offline: offline)
        return try IndexPage(try await ask(.search(request), within: limit)) { IndexHit($0) }
    }

    package func sources(
        of content: ContentReference, page: Page = Page()
    ) async throws(IndexFailure) -> IndexPage<IndexSource> {
        let reply = try await ask(.sources(SourcesRequest(content: content, page: page)))
        return try IndexPage(reply) { IndexSource($0) }
    }

    /// Whether anybody shares something of exactly that name.
    package func check(_ name: Bytes, within limit: Duration = .seconds(10)) async throws(IndexFailure) -> Bool {
        switch try await ask(.check(name), within: limit).bytes {
        case Bytes(ascii: "EXIST")?: return true
        case Bytes(ascii: "NOT_EXIST")?: return false
        default: throw .garbled("an answer to CHECK that is neither EXIST nor NOT_EXIST")
        }
    }

    /// Distinct names, all of them or those that a query finds.
    package func list(
        _ query: Bytes = [], page: Page = Page(), within limit: Duration = .seconds(10)
    ) async throws(IndexFailure) -> IndexPage<Bytes> {
        try IndexPage(try await ask(.list(ListRequest(query: query, page: page)), within: limit)) { $0.bytes }
    }

    package func peers(within limit: Duration = .seconds(10)) async throws(IndexFailure) -> [IndexPeer] {
        guard let entries = try await ask(.peers, within: limit).array else {
            throw .garbled("an answer to PEERS that is no list")
        }
        return entries.compactMap { IndexPeer($0) }
    }

    package func browse(_ request: BrowseRequest) async throws(IndexFailure) -> IndexPage<BrowseEntry> {
        try IndexPage(try await ask(.browse(request))) { BrowseEntry($0) }
    }

    package func ping() async throws(IndexFailure) {
        _ = try await ask(.ping(nil))
    }

    /// Says goodbye; the entry is gone when this returns.
    package func quit(within limit: Duration = .seconds(2)) async {
        _ = try? await ask(.quit, within: limit)
        close()
    }

    static func integer(_ reply: Reply) throws(IndexFailure) -> Int {
        guard let number = reply.integer else { throw .garbled("an answer that should be a number") }
        return number
    }
}
