package import P2PProtocol
package import P2PRuntime

/// A content as an answer tells of it, its name and sources apart.
package struct Hit: Sendable {
    package let content: ContentID
    /// Null for a bare name.
    package let size: Int?
    /// Null for a bare name and for what is not hashed yet.
    package let root: Digest?
    /// Live sources; an answer lists at most `Limits.sourcesPerHit` of them.
    package let sourceCount: Int
}

/// A peer that has a content.
package struct Source: Sendable {
    package let id: PeerID
    package let host: IPAddress
    /// The host as the wire writes it.
    package let hostText: Bytes
    package let port: Int
    /// It has only a part.
    package let isPartial: Bool
    /// It lets the content be moved away.
    package let isMovable: Bool
    /// It has left, and is remembered to have had it.
    package let isOffline: Bool
    package let certificate: Digest?
}

/// Where the line of one content stands: what has to be found before it can be written.
struct HitLine {
    let content: ContentID
    let record: Content
    fileprivate(set) var name: NameID = .none
    fileprivate(set) var live = 0
    /// These are looked at only so that sources and name are at hand when they are copied.
    fileprivate(set) var sources = 0
    fileprivate(set) var initial: UInt8 = 0
}

/// What an answer is written from, without making anything that is not written.
extension Engine {
    package func hit(_ content: ContentID) -> Hit {
        let record = catalog.contents[content]
        return Hit(
            content: content, size: size(of: content), root: catalog.contents.root(of: content),
            sourceCount: record.kind == .unhashed ? 0 : liveSources(of: content))
    }

    /// What one line stands on: alone it has nothing to wait beside.
    func line(of content: ContentID) -> HitLine {
        var line = HitLine(content: content, record: catalog.contents[content])
        line.name = catalog.titles[Int(catalog.bestTitle(of: content))].name
        line.live = liveSources(of: content)
        return line
    }

    /// What the lines of an answer stand on, found for all of them step by step: side by side their waits for memory
    /// overlap, where line by line they would add up.
    func lines(of contents: some Sequence<ContentID>) -> [HitLine] {
        var lines = contents.map { HitLine(content: $0, record: catalog.contents[$0]) }
        for index in lines.indices {
            lines[index].name = catalog.titles[Int(catalog.bestTitle(of: lines[index].content))].name
            let content = lines[index].content
            lines[index].live = liveSources(of: content)
            lines[index].sources = catalog.sources.count(catalog.contents.sources(content))
        }
        for index in lines.indices {
            lines[index].initial = catalog.names.withBytes(lines[index].name) { $0.isEmpty ? 0 : $0[0] }
        }
        return lines
    }

    /// Lends the name that most sources of a content use.
    package func withName<Result>(of content: ContentID, _ body: (Span<UInt8>) throws -> Result) rethrows -> Result {
        try catalog.names.withBytes(catalog.titles[Int(catalog.bestTitle(of: content))].name, body)
    }

    /// Lends a name of a page of LIST.
    package func withName<Result>(_ name: UInt32, _ body: (Span<UInt8>) throws -> Result) rethrows -> Result {
        try catalog.names.withBytes(name, body)
    }

    /// The live sources of a content by ascending id, at most `limit`.
    package func forEachSource(of content: ContentID, limit: Int, _ body: (Source) -> Void) {
        forEachHolder(of: content, limit: limit) { body(source($0, isMovable: $1)) }
    }

    /// The same, without a copy of what is known of the peer.
    @inline(__always)
    func forEachHolder(
        of content: ContentID, limit: Int, _ body: (_ holder: SourceRecord, _ isMovable: Bool) -> Void
    ) {
        let record = catalog.contents[content]
        guard record.kind != .unhashed else { return }
        let isBare = record.kind == .bare
        let list = catalog.contents.sources(content)
        var left = limit
        for index in 0..<catalog.sources.count(list) where left > 0 {
            let holder = catalog.sources.source(at: index, of: list)
            let state = peers[Int(holder.peer)].reachability
            guard isBare ? state.isHere : state == .proven else { continue }
            left -= 1
            body(holder, isBare || peers[Int(holder.peer)].description.isMovable)
        }
    }

    /// The sources that are remembered, by ascending id, at most `limit`.
    package func forEachOfflineSource(of content: ContentID, limit: Int, _ body: (Source) -> Void) {
        let record = catalog.contents[content]
        guard record.kind == .hashed else { return }
        let sources = catalog.contents.sources(content)
        var left = limit
        for index in 0..<catalog.sources.count(sources) where left > 0 {
            let source = catalog.sources.source(at: index, of: sources)
            guard peers[Int(source.peer)].reachability == .absent else { continue }
            left -= 1
            body(self.source(source, isMovable: peers[Int(source.peer)].description.isMovable))
        }
    }

    func size(of content: ContentID) -> Int? {
        catalog.contents[content].kind == .bare ? nil : catalog.contents[content].size
    }

    private func source(_ record: SourceRecord, isMovable: Bool) -> Source {
        // Field by field: a copy of the whole record would count references that nobody reads.
        let slot = Int(record.peer)
        let key = peers[slot].key
        return Source(
            id: key.id, host: key.host, hostText: peers[slot].hostText, port: key.port, isPartial: record.isPartial,
            isMovable: isMovable, isOffline: peers[slot].reachability == .absent,
            certificate: peers[slot].description.certificate)
    }
}
