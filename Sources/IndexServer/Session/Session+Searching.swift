internal import P2PProtocol
internal import P2PRuntime

/// SEARCH, SOURCES, CHECK, LIST, PEERS and BROWSE: read the engine, write the reply.
extension Session {
    /// Answers a SEARCH of plain words that a single look decides, of `first` bytes, and as many of the kind as follow it
    /// at once; returns their bytes, 0 when the parser's command is another one.
    func lookUp(_ bytes: UnsafeBufferPointer<UInt8>, first: Int) -> Int {
        guard subscriptions.isEmpty, let words = parser.plainSearch(in: bytes.span) else { return 0 }
        let isAlone = lookUpsTogether < 2 || first == bytes.count
        let (group, ends) = isAlone ? ([words], [first]) : gather(after: words, in: bytes, from: first)
        let hits = HitWriter(view: view, sourcesPerHit: server.limits.sourcesPerHit)
        let answered = server.engine.read { engine in
            isAlone ? hits.write(words, of: engine, to: &writer) ? 1 : 0 : hits.write(group, of: engine, to: &writer)
        }
        lookUpsTogether = answered == group.count ? min(Self.mostLookUpsTogether, lookUpsTogether * 2) : 1
        if answered < group.count, !isAlone {
            // The parser goes back to the command that is answered next.
            parser.restart()
            if answered == 0 { _ = parser.next(in: bytes.span) }
        }
        guard answered > 0 else { return 0 }
        server.metrics.commands.add(answered)
        uncharged &+= answered
        latencies.count(.search, times: answered)
        return ends[answered - 1]
    }

    /// The searches of plain words that follow one that ends at `end`, and where each of them ends.
    private func gather(
        after first: PlainWords, in bytes: UnsafeBufferPointer<UInt8>, from end: Int
    ) -> (group: [PlainWords], ends: [Int]) {
        var (group, ends, end) = ([first], [end], end)
        group.reserveCapacity(lookUpsTogether)
        ends.reserveCapacity(lookUpsTogether)
        while group.count < lookUpsTogether {
            let rest = UnsafeBufferPointer(rebasing: bytes[end...])
            // What ends the group is looked at again.
            guard case .command(let count) = parser.next(in: rest.span),
                let words = parser.plainSearch(in: rest.span)
            else { break }
            end += count
            group.append(words)
            ends.append(end)
        }
        return (group, ends)
    }

    func search(_ request: SearchRequest) throws(WireError) {
        let query = try Query.parse(request.query, limits: server.limits)
        do throws(Refusal) {
            let search = try Search(query, for: .contents, page: request.page, includesOffline: request.offline)
            try run(search, command: "SEARCH") { [self] engine, search in
                writeHead(search.total, search.next, search.page.count)
                let hits = HitWriter(
                    view: view, sourcesPerHit: server.limits.sourcesPerHit, includesOffline: search.includesOffline)
                for line in engine.lines(of: search.page) { hits.write(line, of: engine, to: &writer) }
            }
        } catch {
            throw error.wireError(for: "SEARCH")
        }
    }

    func list(_ request: ListRequest) throws(WireError) {
        let text = request.query.isEmpty ? [UInt8(ascii: "*")] : request.query
        let query = try Query.parse(text, limits: server.limits)
        do throws(Refusal) {
            try run(Search(query, for: .names, page: request.page), command: "LIST") { [self] engine, search in
                writeHead(search.total, search.next, search.page.count)
                for name in search.page { engine.withName(name) { writer.bulk($0) } }
            }
        } catch {
            throw error.wireError(for: "LIST")
        }
    }

    func check(_ name: Bytes) throws(WireError) {
        do throws(Refusal) {
            try run(Search(named: name, for: .names, atMost: 1), command: "CHECK") { [self] _, search in
                writer.bulk(search.total > 0 ? "EXIST" : "NOT_EXIST")
            }
        } catch {
            throw error.wireError(for: "CHECK")
        }
    }

    func sources(_ request: SourcesRequest) throws(WireError) {
        do throws(Refusal) {
            switch request.content {
            case .root(let root):
                try server.engine.read { engine throws(Refusal) in
                    try writeSources(of: engine.contents(of: root), request.page, engine)
                }
            case .name(let name):
                let search = Search(named: name.bytes, for: .contents, atMost: .max)
                try run(search, command: "SOURCES") { [self] engine, search throws(Refusal) in
                    try writeSources(of: search.page, request.page, engine)
                }
            }
        } catch {
            throw error.wireError(for: "SOURCES")
        }
    }

    private func writeSources(
        of contents: [ContentID], _ page: Page, _ engine: borrowing Engine
    ) throws(Refusal) {
        var found: [Source] = []
        let (total, next) = try engine.sources(of: contents, page: page) { found.append($0) }
        writeHead(total, next, found.count)
        let hits = HitWriter(view: view, sourcesPerHit: server.limits.sourcesPerHit)
        for source in found { hits.write(source, to: &writer) }
    }

    func peers() {
        let rows = server.engine.read { $0.peerRows(now: now) }
        writer.array(rows.count)
        for row in rows { write(row, as: view) }
    }

    func browse(_ request: BrowseRequest) throws(WireError) {
        do throws(Refusal) {
            if let page = try Browsing.answerAtOnce(request, on: server) { return write(page) }
        } catch {
            throw error.wireError(for: "BROWSE")
        }
        deferred = { [self] in
            do throws(Refusal) {
                write(try await Browsing.answer(request, on: server, takeTurns: takeTurns))
            } catch {
                fail(error.wireError(for: "BROWSE"))
            }
        }
    }

    private func write(_ page: BrowsePage) {
        writer.array(3)
        writer.integer(page.total)
        writer.bulk(page.next)
        writer.array(page.entries.count)
        for entry in page.entries { write(entry) }
    }

    private func write(_ entry: BrowseEntry) {
        writer.map(3)
        writer.bulk("name")
        writer.bulk(entry.name)
        writer.bulk("size")
        if let size = entry.size { writer.integer(size) } else { writer.null() }
        writer.bulk("root")
        if let root = entry.root { writer.bulk(hex: root) } else { writer.null() }
    }

    // MARK: Steps

    /// Writes the answer of a search that is finished. It does so under the lock that the last step held: what a page
    /// speaks of by number may be renumbered after it.
    private typealias Answer = (borrowing Engine, Search) throws(Refusal) -> Void

    /// Runs a search and has its answer written.
    private func run(_ search: Search, command: String, _ answer: @escaping Answer) throws(Refusal) {
        var search = search
        if try !advance(&search, answer) { postpone(search, command, answer) }
    }

    /// A search that takes more than a step goes on in turns with what else the loop and the other loops have to do.
    private func postpone(_ unfinished: Search, _ command: String, _ answer: @escaping Answer) {
        deferred = { [self] in
            var search = unfinished
            do throws(Refusal) {
                while try !advance(&search, answer) {
                    guard await takeTurns() else { throw .abandoned }
                }
            } catch {
                fail(error.wireError(for: command))
            }
        }
    }

    /// One step; true when the answer has been written.
    private func advance(_ search: inout Search, _ answer: Answer) throws(Refusal) -> Bool {
        try server.engine.read { engine throws(Refusal) in
            guard try engine.advance(&search) else { return false }
            try answer(engine, search)
            return true
        }
    }

    /// `[total, next, page]`, up to the entries of the page.
    private func writeHead(_ total: Int, _ next: Bytes, _ count: Int) {
        writer.array(3)
        writer.integer(total)
        writer.bulk(next)
        writer.array(count)
    }

    private func write(_ peer: PeerRow, as view: SourceView) {
        writer.map(peer.certificate == nil ? 8 : 9)
        writer.bulk("id")
        writer.integer(peer.key.id)
        writer.bulk("host")
        writer.bulk(view.host(peer.key.host, peer.hostText))
        writer.bulk("port")
        writer.integer(peer.key.port)
        writer.bulk("name")
        if let name = peer.name { writer.bulk(name) } else { writer.null() }
        writer.bulk("files")
        writer.integer(peer.files)
        writer.bulk("bytes")
        writer.integer(peer.bytes)
        writer.bulk("idle")
        let idle = server.sessions.holder(of: peer.key.id).map { now.since($0.lastHeard) } ?? peer.idle
        writer.integer(max(0, Int(idle.inSeconds)))
        writer.bulk("reachable")
        if let isReachable = peer.reachability.isReachable { writer.boolean(isReachable) } else { writer.null() }
        guard let certificate = peer.certificate else { return }
        writer.bulk("cert")
        writer.bulk(hex: certificate)
    }
}
