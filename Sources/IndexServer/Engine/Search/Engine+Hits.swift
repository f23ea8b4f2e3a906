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

/// What an answer is written from, without making anything that is not written.
extension Engine {
    package func hit(_ content: ContentID) -> Hit {
        let record = catalog.contents[content]
        return Hit(
            content: content, size: size(of: content), root: catalog.contents.root(of: content),
            sourceCount: record.kind == .unhashed ? 0 : Int(record.live))
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
        let record = catalog.contents[content]
        guard record.kind != .unhashed else { return }
        var left = limit
        for index in 0..<catalog.sources.count(record.sources) where left > 0 {
            let source = catalog.sources.source(at: index, of: record.sources)
            guard shows(content, of: source.peer) else { continue }
            left -= 1
            body(self.source(source, isBare: record.kind == .bare))
        }
    }

    /// The sources that are remembered, by ascending id, at most `limit`.
    package func forEachOfflineSource(of content: ContentID, limit: Int, _ body: (Source) -> Void) {
        let record = catalog.contents[content]
        guard record.kind == .hashed else { return }
        var left = limit
        for index in 0..<catalog.sources.count(record.sources) where left > 0 {
            let source = catalog.sources.source(at: index, of: record.sources)
            guard peers[Int(source.peer)].reachability == .absent else { continue }
            left -= 1
            body(self.source(source, isBare: false))
        }
    }

    func size(of content: ContentID) -> Int? {
        catalog.contents[content].kind == .bare ? nil : catalog.contents[content].size
    }

    func source(_ record: SourceRecord, isBare: Bool) -> Source {
        // Field by field: a copy of the whole record would count references that nobody reads.
        let slot = Int(record.peer)
        let key = peers[slot].key
        return Source(
            id: key.id, host: key.host, hostText: peers[slot].hostText, port: key.port, isPartial: record.isPartial,
            isMovable: isBare || peers[slot].description.isMovable,
            isOffline: peers[slot].reachability == .absent, certificate: peers[slot].description.certificate)
    }
}
