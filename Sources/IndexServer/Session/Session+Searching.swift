internal import P2PProtocol
internal import P2PRuntime

/// SEARCH, SOURCES, CHECK, LIST, PEERS and BROWSE: read the engine, write the reply.
extension Session {
    /// A SEARCH as it is to be run: with its neighbours, by `settle`.
    func prepare(_ request: SearchRequest) throws(WireError) -> Search {
        let query = try Query.parse(request.query, limits: server.limits)
        do throws(Refusal) {
            return try Search(query, for: .contents, page: request.page, includesOffline: request.offline)
        } catch {
            throw error.wireError(for: "SEARCH")
        }
    }

    /// Answers the searches that have been read. False when one of them was refused or needs more than a step, or when
    /// the answers pile up: the batch then says where to go on reading.
    func settle(_ batch: inout SearchBatch) -> Bool {
        guard batch.count > 0 else { return true }
        var advanced = 0
        var refusal: Refusal?
        let answered = server.engine.read { engine in
            do throws(Refusal) {
                while advanced < batch.count, try engine.advance(&batch[advanced]) { advanced += 1 }
            } catch {
                refusal = error
            }
            return write(batch, upTo: advanced, of: engine)
        }
        latencies.count(.search, times: answered)
        if answered == batch.count {
            batch.removeAll()
            return true
        }
        deferredKind = .search
        if answered < advanced {
            batch.removeAll(interruptedAfter: answered - 1)
        } else {
            if let refusal { fail(refusal.wireError(for: "SEARCH")) } else { postpone(batch[answered], "SEARCH") }
            batch.removeAll(interruptedAfter: answered)
        }
        return false
    }

    /// Writes at least one answer, and says how many: those after a large one are left to be searched again.
    private func write(_ batch: SearchBatch, upTo end: Int, of engine: borrowing Engine) -> Int {
        guard end > 0 else { return 0 }
        let lines = engine.lines(of: (0..<end).lazy.flatMap { batch[$0].page })
        var written = 0
        for index in 0..<end {
            if index > 0, writer.output.count > server.limits.outputHighWater { return index }
            let next = written + batch[index].page.count
            writeHead(batch[index].total, batch[index].next, next - written)
            write(lines[written..<next], includesOffline: batch[index].includesOffline, of: engine)
            written = next
        }
        return end
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
        do throws(Refusal) {
            var found: [Source] = []
            let page = try server.engine.read { engine throws(Refusal) in
                try engine.sources(of: request.content, page: request.page) { found.append($0) }
            }
            writer.array(3)
            writer.integer(page.total)
            writer.bulk(page.next)
            writer.array(found.count)
            let hits = HitWriter(view: view, sourcesPerHit: server.limits.sourcesPerHit)
            for source in found { hits.write(source, to: &writer) }
        } catch {
            throw error.wireError(for: "SOURCES")
        }
    }

    func peers() {
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

    // MARK: Steps

    /// Runs a search and writes its answer.
    private func run(
        _ query: Query, for grouping: Search.Grouping, page: Page, command: String
    ) throws(WireError) {
        do throws(Refusal) {
            var search = try Search(query, for: grouping, page: page)
            if try !advance(&search) { postpone(search, command) }
        } catch {
            throw error.wireError(for: command)
        }
    }

    /// A search that takes more than a step goes on in turns with what else the loop and the other loops have to do.
    private func postpone(_ unfinished: Search, _ command: String) {
        deferred = { [self] in
            var search = unfinished
            do throws(Refusal) {
                while try !advance(&search) { await Task.yield() }
            } catch {
                fail(error.wireError(for: command))
            }
        }
    }

    /// One step; true when the answer has been written. It is written under the lock that the last step held: what a
    /// page speaks of by number may be renumbered after it.
    private func advance(_ search: inout Search) throws(Refusal) -> Bool {
        try server.engine.read { engine throws(Refusal) in
            guard try engine.advance(&search) else { return false }
            writeHead(search.total, search.next, search.page.count)
            switch search.grouping {
            case .contents:
                write(engine.lines(of: search.page)[...], includesOffline: search.includesOffline, of: engine)
            case .names:
                for name in search.page { engine.withName(name) { writer.bulk($0) } }
            }
            return true
        }
    }

    private func write(_ lines: ArraySlice<HitLine>, includesOffline: Bool, of engine: borrowing Engine) {
        let hits = HitWriter(view: view, sourcesPerHit: server.limits.sourcesPerHit, includesOffline: includesOffline)
        for line in lines { hits.write(line, of: engine, to: &writer) }
    }

    /// `[total, next, page]`, up to the entries of the page.
    private func writeHead(_ total: Int, _ next: Bytes, _ count: Int) {
        writer.array(3)
        writer.integer(total)
        writer.bulk(next)
        writer.array(count)
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
