import IndexServer
import P2PProtocol
import P2PRuntime
import Testing

extension Engine {
    /// A compaction in one go; true when there was one.
    mutating func compactIfWorthwhile(now: Moment, atLeast least: Int) -> Bool {
        guard beginCompactionIfWorthwhile(now: now, atLeast: least) else { return false }
        while stepCompaction() {}
        return true
    }

    /// A step of a compaction; true when there is more to do.
    mutating func stepCompaction() -> Bool {
        switch advanceCompaction() {
        case .none: false
        case .underWay: true
        case .ready: finishCompaction() == nil
        }
    }
}

/// The engine with words instead of bytes, for tests.
struct EngineFixture: ~Copyable {
    var engine: Engine
    var now = Moment(nanoseconds: 0)

    init(limits: Limits = .standard, nextID: PeerID = 1) { engine = Engine(limits: limits, nextID: nextID) }

    /// One whose great shares change ten entries at a time.
    static func inSmallSteps() -> EngineFixture {
        var limits = Limits.standard
        limits.entriesPerStep = 10
        return EngineFixture(limits: limits)
    }

    /// So many files with names and roots of their own.
    static func files(_ count: Int, from first: Int = 0) throws -> [FileEntry] {
        try (first..<first + count).map { try file("\($0).mp3", 5, UInt64($0)) }
    }

    /// A root that is told apart by a number.
    static func root(_ number: UInt64) -> Digest { Digest(words: (number, 0, 0, 0)) }

    static func name(_ text: String) throws -> Name { try Name(Bytes(text.utf8)) }

    static func names(_ texts: [String]) throws -> [FileEntry] {
        try texts.map { FileEntry(name: try name($0)) }
    }

    static func file(_ path: String, _ size: Int = 1, _ root: UInt64?) throws -> FileEntry {
        FileEntry(name: try name(path), size: size, root: root.map(Self.root))
    }

    /// Registers a peer on its own port.
    mutating func register(
        _ id: PeerID? = nil, port: Int = 9_001, lease: Duration? = nil, isMovable: Bool = false,
        sharing list: [FileEntry] = []
    ) throws -> PeerID {
        try engine.register(
            PeerDescription(host: .loopback, port: port, lease: lease, isMovable: isMovable), as: id, sharing: list,
            now: now)
    }

    /// The same with its port proven.
    mutating func registerProven(
        port: Int = 9_001, isMovable: Bool = false, sharing list: [FileEntry]
    ) throws -> PeerID {
        let id = try register(port: port, isMovable: isMovable, sharing: list)
        engine.markProven(id)
        return id
    }

    mutating func got(
        _ content: ContentReference, from giver: PeerID, by taker: PeerID, as path: String? = nil,
        _ ownership: Ownership = .copy
    ) throws -> Int {
        let path = try path.map(Self.name)
        return try engine.got(
            Acquisition(content: content, giver: giver, path: path, ownership: ownership), by: taker)
    }

    /// One page of SEARCH: lines such as `song.mp3 1,2`, or `song.mp3 1,2o` where 2 has left.
    func search(_ text: String, limit: Int = 50, cursor: Bytes? = nil, offline: Bool = false) throws -> Answer {
        var search = try Search(
            Query.parse(Bytes(text.utf8)), for: .contents, page: Page(limit: limit, cursor: cursor),
            includesOffline: offline)
        try engine.complete(&search)
        let lines = search.page.map { content in
            let name = engine.withName(of: content) { String(decoding: Bytes($0), as: UTF8.self) }
            var sources: [String] = []
            engine.forEachSource(of: content, limit: 64) { sources.append("\($0.id)") }
            if offline { engine.forEachOfflineSource(of: content, limit: 64) { sources.append("\($0.id)o") } }
            return sources.isEmpty ? name : "\(name) \(sources.joined(separator: ","))"
        }
        return Answer(total: search.total, next: search.next, lines: lines)
    }

    /// One page of LIST.
    func list(_ text: String = "*", limit: Int = 50, cursor: Bytes? = nil) throws -> Answer {
        var search = try Search(Query.parse(Bytes(text.utf8)), for: .names, page: Page(limit: limit, cursor: cursor))
        try engine.complete(&search)
        let lines = search.page.map { name in engine.withName(name) { String(decoding: Bytes($0), as: UTF8.self) } }
        return Answer(total: search.total, next: search.next, lines: lines)
    }

    /// The dictionary as lines such as `1 9001: a b`.
    var dictionary: [String] {
        engine.dictionary(maxNamesPerPeer: 20).map { entry in
            let names = entry.names.map { String(decoding: $0, as: UTF8.self) }
            return "\(entry.key.id) \(entry.key.port): \(names.joined(separator: " "))"
        }
    }

    func sources(_ reference: ContentReference) throws -> [PeerID] {
        try engine.sources(of: reference).map(\.id)
    }

    func check(_ name: String) throws -> Bool { try engine.check(Bytes(name.utf8)) }

    struct Answer: Equatable {
        let total: Int
        let next: Bytes
        let lines: [String]

        static func only(_ lines: String...) -> Answer {
            Answer(total: lines.count, next: [UInt8(ascii: "0")], lines: lines)
        }
    }
}

extension Engine {
    /// What SOURCES answers.
    borrowing func sources(of reference: ContentReference) throws -> [Source] {
        var contents: [ContentID] = []
        switch reference {
        case .root(let root): contents = self.contents(of: root)
        case .name(let name):
            var search = Search(named: name.bytes, for: .contents, atMost: .max)
            try complete(&search)
            contents = search.page
        }
        var sources: [Source] = []
        let told = try self.sources(of: contents, page: Page(limit: 1_000)) { sources.append($0) }
        #expect(told.total == sources.count)
        return sources
    }

    /// What CHECK answers.
    borrowing func check(_ name: Bytes) throws -> Bool {
        var search = Search(named: name, for: .names, atMost: 1)
        try complete(&search)
        return search.total > 0
    }
}
