internal import P2PProtocol

/// Writes what SEARCH and SOURCES tell of contents and peers, as one asker is to see it: most of it in whole pieces.
struct HitWriter {
    let view: SourceView
    let sourcesPerHit: Int
    /// Whether peers that have left are listed after those who are here.
    var includesOffline = false

    /// The whole answer to a SEARCH of plain words; false when it takes more than a look.
    func write(_ words: PlainWords, of engine: borrowing Engine, to writer: inout ReplyWriter) -> Bool {
        switch engine.lookUp(words) {
        case .undecided: return false
        case .nothing: writeNothing(to: &writer)
        case .content(let content): writeOnly(engine.line(of: content), of: engine, to: &writer)
        }
        return true
    }

    /// The answers to the first of these, up to one that takes more than a look; says how many.
    func write(_ group: [PlainWords], of engine: borrowing Engine, to writer: inout ReplyWriter) -> Int {
        let found = engine.lookUp(group)
        let decided = found.prefix { $0 != .undecided }
        var lines = engine.lines(of: decided.compactMap(\.content))[...]
        for result in decided {
            if result == .nothing {
                writeNothing(to: &writer)
            } else if let line = lines.popFirst() {
                writeOnly(line, of: engine, to: &writer)
            }
        }
        return decided.count
    }

    private func writeNothing(to writer: inout ReplyWriter) { writer.raw("*3\r\n:0\r\n$1\r\n0\r\n*0\r\n") }

    private func writeOnly(_ line: HitLine, of engine: borrowing Engine, to writer: inout ReplyWriter) {
        writer.raw("*3\r\n:1\r\n$1\r\n0\r\n*1\r\n")
        write(line, of: engine, to: &writer)
    }

    /// `{name size root sources count}`
    func write(_ line: HitLine, of engine: borrowing Engine, to writer: inout ReplyWriter) {
        let root = engine.catalog.contents.root(of: line.content)
        writer.raw("*10\r\n$4\r\nname\r\n", "%5\r\n$4\r\nname\r\n")
        engine.withName(line.name) { writer.bulk($0) }
        if line.record.kind == .bare {
            writer.raw(
                "$4\r\nsize\r\n$-1\r\n$4\r\nroot\r\n$-1\r\n$7\r\nsources\r\n",
                "$4\r\nsize\r\n_\r\n$4\r\nroot\r\n_\r\n$7\r\nsources\r\n")
        } else {
            writer.raw("$4\r\nsize\r\n")
            writer.integer(line.record.size)
            writer.raw("$4\r\nroot\r\n")
            if let root { writer.bulk(hex: root) } else { writer.null() }
            writer.raw("$7\r\nsources\r\n")
        }
        let sourceCount = line.record.kind == .unhashed ? 0 : line.live
        let live = min(sourcesPerHit, sourceCount)
        let offline = includesOffline ? engine.offlineSources(of: line.content, limit: sourcesPerHit - live) : []
        writer.array(live + offline.count)
        engine.forEachHolder(of: line.content, limit: sourcesPerHit) { holder, isMovable in
            write(holder, isMovable: isMovable, of: engine, to: &writer)
        }
        for source in offline { writeOffline(source, to: &writer) }
        writer.raw("$5\r\ncount\r\n")
        writer.integer(sourceCount)
    }

    /// A source on its own: `[id host port flags cert]`.
    func write(_ source: Source, to writer: inout ReplyWriter) {
        writer.array(5)
        writer.integer(source.id)
        writer.bulk(view.host(source.host, source.hostText))
        writer.integer(source.port)
        writeEnd(source.isPartial, source.isMovable, source.certificate, to: &writer)
    }

    /// `[id null null o cert]`
    private func writeOffline(_ source: Source, to writer: inout ReplyWriter) {
        writer.array(5)
        writer.integer(source.id)
        writer.null()
        writer.null()
        writer.bulk("o")
        if let certificate = source.certificate { writer.bulk(hex: certificate) } else { writer.null() }
    }

    private func write(
        _ holder: SourceRecord, isMovable: Bool, of engine: borrowing Engine, to writer: inout ReplyWriter
    ) {
        let slot = Int(holder.peer)
        if view.showsHostsAsListed {
            engine.sourceTexts.withText(of: holder.peer) { writer.raw($0) }
        } else {
            let key = engine.peers[slot].key
            writer.array(5)
            writer.integer(key.id)
            writer.bulk(view.host(key.host, engine.peers[slot].hostText))
            writer.integer(key.port)
        }
        writeEnd(holder.isPartial, isMovable, engine.peers[slot].description.certificate, to: &writer)
    }

    private func writeEnd(_ isPartial: Bool, _ isMovable: Bool, _ certificate: Digest?, to writer: inout ReplyWriter) {
        switch (isPartial, isMovable) {
        case (false, false): writer.raw("$0\r\n\r\n")
        case (false, true): writer.raw("$1\r\nm\r\n")
        case (true, false): writer.raw("$1\r\np\r\n")
        case (true, true): writer.raw("$2\r\npm\r\n")
        }
        if let certificate { writer.bulk(hex: certificate) } else { writer.null() }
    }
}

extension Engine.LookUp {
    fileprivate var content: ContentID? {
        if case .content(let content) = self { content } else { nil }
    }
}

extension Engine {
    fileprivate func offlineSources(of content: ContentID, limit: Int) -> [Source] {
        var sources: [Source] = []
        forEachOfflineSource(of: content, limit: limit) { sources.append($0) }
        return sources
    }
}
