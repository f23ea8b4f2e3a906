internal import P2PProtocol
internal import P2PRuntime

/// `search`, `peers`, `browse` and `stats`. Long work goes on in turns with what else the loop has to do.
extension IndexAPI {
    /// Lines that are written before others have their turn.
    private static let linesPerTurn = 256

    private struct FoundContent {
        let hit: Hit
        let name: Bytes
        var sources: [Source] = []
    }

    func search(_ items: APIQuery, for asker: HTTPRequest) async throws(WireError) -> HTTPResponse {
        let (query, page, offline) = (try items.query(), try items.page(), try items.flag("offline"))
        do throws(Refusal) {
            var search = try Search(query, for: .contents, page: page, includesOffline: offline)
            var found: [FoundContent]?
            while found == nil {
                found = try advance(&search)
                if found == nil, !(await Self.takeTurns(asker)) { throw .abandoned }
            }
            return await write(found ?? [], total: search.total, next: search.next, as: SourceView(of: asker))
        } catch {
            return failure(error, "search")
        }
    }

    /// The others' turn between two steps; false when the asker is gone. Who has only finished writing still reads.
    private static func takeTurns(_ asker: HTTPRequest) async -> Bool {
        await Task.yield()
        return asker.point?.isHungUp != true
    }

    /// One step; what was found when it was the last. It is read under the lock that the step held: what a page speaks
    /// of by number may be renumbered after it.
    private func advance(_ search: inout Search) throws(Refusal) -> [FoundContent]? {
        let limit = server.limits.sourcesPerHit
        return try server.engine.read { engine throws(Refusal) in
            guard try engine.advance(&search) else { return nil }
            var all: [FoundContent] = []
            for content in search.page {
                let name = engine.withName(of: content) { Bytes($0) }
                var found = FoundContent(hit: engine.hit(content), name: name)
                engine.forEachSource(of: content, limit: limit) { found.sources.append($0) }
                let room = limit - found.sources.count
                if search.includesOffline, room > 0 {
                    engine.forEachOfflineSource(of: content, limit: room) { found.sources.append($0) }
                }
                all.append(found)
            }
            return all
        }
    }

    private func write(_ found: [FoundContent], total: Int, next: Bytes, as view: SourceView) async -> HTTPResponse {
        let body = await Self.page(found, named: "hits", total: total, next: next) { found, writer in
            writer.name(found.name)
            writer.field("size", .optional(found.hit.size))
            writer.field("root", .optional(found.hit.root?.hex))
            writer.key("sources")
            writer.array { writer in for source in found.sources { Self.write(source, as: view, to: &writer) } }
            writer.field("count", .integer(found.hit.sourceCount))
        }
        return answer(body)
    }

    private static func write(_ source: Source, as view: SourceView, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("id", .integer(source.id))
            let host = source.isOffline ? nil : view.host(source.host, source.hostText)
            writer.field("host", .optional(host))
            writer.field("port", .optional(source.isOffline ? nil : source.port))
            let flags = (source.isPartial ? "p" : "") + (source.isMovable ? "m" : "")
            writer.field("flags", .text(source.isOffline ? "o" : flags))
            writer.field("cert", .optional(source.certificate?.hex))
        }
    }

    func peers(_ view: SourceView) async -> HTTPResponse {
        let now = Moment.now
        let rows = server.engine.read { $0.peerRows(now: now) }
        let body = await Self.page(rows, named: "peers", total: rows.count, next: nil) { row, writer in
            writer.field("id", .integer(row.key.id))
            writer.field("host", .string(view.host(row.key.host, row.hostText)))
            writer.field("port", .integer(row.key.port))
            if let name = row.name { writer.name(name) } else { writer.field("name", .null) }
            writer.field("files", .integer(row.files))
            writer.field("bytes", .integer(row.bytes))
            let idle = server.sessions.holder(of: row.key.id).map { now.since($0.lastHeard) } ?? row.idle
            writer.field("idle", .integer(max(0, Int(idle.inSeconds))))
            writer.field("reachable", row.reachability.isReachable.map { .bool($0) } ?? .null)
            if let certificate = row.certificate { writer.field("cert", .string(certificate.hex)) }
        }
        return answer(body)
    }

    func browse(_ items: APIQuery, for asker: HTTPRequest) async throws(WireError) -> HTTPResponse {
        let request = BrowseRequest(peer: try items.peer(), folder: try items.folder(), page: try items.page())
        do throws(Refusal) {
            let found = try await Browsing.answer(request, on: server) { await Self.takeTurns(asker) }
            let body = await Self.page(
                found.entries, named: "entries", total: found.total, next: found.next
            ) { entry, writer in
                writer.name(entry.name)
                writer.field("size", .optional(entry.size))
                writer.field("root", .optional(entry.root?.hex))
            }
            return answer(body)
        } catch {
            return failure(error, "browse")
        }
    }

    func stats() -> HTTPResponse {
        var writer = JSONWriter()
        writer.object { writer in
            for (key, value) in ServerReport(server).statistics { writer.field(key, .integer(value)) }
            writer.field("name", .string(server.configuration.name))
            writer.field("version", .text(Version.current))
        }
        return answer(writer.bytes)
    }

    /// `{"total":N,"next":"…","<name>":[{…},…]}`
    private static func page<Line>(
        _ lines: [Line], named name: StaticString, total: Int, next: Bytes?,
        _ write: (Line, inout JSONWriter) -> Void
    ) async -> Bytes {
        var head: [JSON.Member] = [.init("total", .integer(total))]
        if let next { head.append(.init("next", .string(next))) }
        var bytes = JSON.object(head).encoded()
        bytes.removeLast()
        bytes += Bytes(ascii: ",\"") + Bytes(ascii: name) + Bytes(ascii: "\":[")
        for (index, line) in lines.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            var writer = JSONWriter()
            writer.object { write(line, &$0) }
            bytes += writer.bytes
            if index % linesPerTurn == linesPerTurn - 1 { await Task.yield() }
        }
        return bytes + Bytes(ascii: "]}")
    }
}
