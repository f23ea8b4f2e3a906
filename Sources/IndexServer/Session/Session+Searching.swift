internal import P2PProtocol
internal import P2PRuntime

/// SEARCH, SOURCES, CHECK, LIST, PEERS and BROWSE: read the engine, write the reply.
extension Session {
    func search(_ request: SearchRequest) throws(WireError) {
        let query = try Query.parse(request.query, limits: server.limits)
        try run(
            query, for: .contents, page: request.page, includesOffline: request.offline, command: "SEARCH")
    }

    func list(_ request: ListRequest) throws(WireError) {
        let text = request.query.isEmpty ? [UInt8(ascii: "*")] : request.query
        let query = try Query.parse(text, limits: server.limits)
        try run(query, for: .names, page: request.page, command: "LIST")
    }

    func check(_ name: Bytes) throws(WireError) {
        let exists = server.engine.read { $0.check(name) }
        writer.bulk(exists ? "EXIST" : "NOT_EXIST")
    }

    func sources(_ request: SourcesRequest) throws(WireError) {
        let view = SourceView(of: stream)
        do throws(Refusal) {
            var found: [Source] = []
            let page = try server.engine.read { engine throws(Refusal) in
                try engine.sources(of: request.content, page: request.page) { found.append($0) }
            }
            writer.array(3)
            writer.integer(page.total)
            writer.bulk(page.next)
            writer.array(found.count)
            for source in found { Self.write(source, as: view, to: &writer) }
        } catch {
            throw error.wireError(for: "SOURCES")
        }
    }

    func peers() {
        let view = SourceView(of: stream)
        let rows = server.engine.read { $0.peerRows(now: now) }
        writer.array(rows.count)
        for row in rows { write(row, as: view) }
    }

    func browse(_ request: BrowseRequest) throws(WireError) {
        do throws(Refusal) {
            let page = try server.engine.read { engine throws(Refusal) in
                try engine.browse(request.peer, folder: request.folder, page: request.page)
            }
            writer.array(3)
            writer.integer(page.total)
            writer.bulk(page.next)
            writer.array(page.entries.count)
            for entry in page.entries { write(entry) }
        } catch {
            throw error.wireError(for: "BROWSE")
        }
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

    // MARK: -

    /// Runs a search and writes `[total, next, page]`. One that takes more than a step goes on in turns with what else
    /// the loop and the other loops have to do.
    private func run(
        _ query: Query, for grouping: Search.Grouping, page: Page, includesOffline: Bool = false, command: String
    ) throws(WireError) {
        do throws(Refusal) {
            var search = try Search(query, for: grouping, page: page, includesOffline: includesOffline)
            guard try !advance(&search) else { return }
            deferred = { [self] in
                do throws(Refusal) {
                    while try !advance(&search) { await Task.yield() }
                } catch {
                    fail(error.wireError(for: command))
                }
            }
        } catch {
            throw error.wireError(for: command)
        }
    }

    /// One step; true when the answer has been written. It is written under the lock that the last step held: what a
    /// page speaks of by number may be renumbered after it.
    private func advance(_ search: inout Search) throws(Refusal) -> Bool {
        let view = SourceView(of: stream)
        return try server.engine.read { engine throws(Refusal) in
            guard try engine.advance(&search) else { return false }
            writer.array(3)
            writer.integer(search.total)
            writer.bulk(search.next)
            writer.array(search.page.count)
            switch search.grouping {
            case .contents:
                let limit = server.limits.sourcesPerHit
                for content in search.page {
                    let offline =
                        search.includesOffline ? Self.offlineSources(of: content, in: engine, limit: limit) : []
                    Self.write(content, of: engine, and: offline, as: view, limit: limit, to: &writer)
                }
            case .names:
                for name in search.page { engine.withName(name) { writer.bulk($0) } }
            }
            return true
        }
    }

    private static func write(
        _ content: ContentID, of engine: borrowing Engine, and offline: [Source], as view: SourceView, limit: Int,
        to writer: inout ReplyWriter
    ) {
        let hit = engine.hit(content)
        writer.map(5)
        writer.bulk("name")
        engine.withName(of: content) { writer.bulk($0) }
        writer.bulk("size")
        if let size = hit.size { writer.integer(size) } else { writer.null() }
        writer.bulk("root")
        if let root = hit.root { writer.bulk(hex: root) } else { writer.null() }
        writer.bulk("sources")
        let live = min(limit, hit.sourceCount)
        let rest = offline.prefix(limit - live)
        writer.array(live + rest.count)
        engine.forEachSource(of: content, limit: limit) { write($0, as: view, to: &writer) }
        for source in rest { writeOffline(source, to: &writer) }
        writer.bulk("count")
        writer.integer(hit.sourceCount)
    }

    private static func offlineSources(
        of content: ContentID, in engine: borrowing Engine, limit: Int
    ) -> [Source] {
        var sources: [Source] = []
        engine.forEachOfflineSource(of: content, limit: limit) { sources.append($0) }
        return sources
    }

    /// `[id null null o cert]`
    private static func writeOffline(_ source: Source, to writer: inout ReplyWriter) {
        writer.array(5)
        writer.integer(source.id)
        writer.null()
        writer.null()
        writer.bulk("o")
        if let certificate = source.certificate { writer.bulk(hex: certificate) } else { writer.null() }
    }

    /// `[id host port flags cert]`
    private static func write(_ source: Source, as view: SourceView, to writer: inout ReplyWriter) {
        writer.array(5)
        writer.integer(source.id)
        writer.bulk(view.host(source.host, source.hostText))
        writer.integer(source.port)
        writer.bulk(source.isPartial ? (source.isMovable ? "pm" : "p") : (source.isMovable ? "m" : ""))
        if let certificate = source.certificate { writer.bulk(hex: certificate) } else { writer.null() }
    }

    private func write(_ peer: PeerRow, as view: SourceView) {
        writer.map(8)
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
    }
}
