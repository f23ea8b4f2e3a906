import IndexServer
import P2PProtocol
import P2PRuntime

/// The engine and the naive index side by side.
final class ModelRun {
    private(set) var engine: Engine
    private(set) var model = NaiveIndex()
    private var seconds = 0
    /// Answers that are being read.
    private var walks: [ModelWalk] = []

    private static let queries = [
        "*", "a", "a b", "b a", "mp3", "c", "a* -c", "\"a b\"", "ext:mp3,flac", "size:2", "peer:1 a",
        "peer:2", "name:\"x/c.mp3\"", "c -ext:mp3", "a -peer:1", "zzz",
    ]

    /// Steps that a change of a whole share has before the next command; nil: as many as it needs. What is left over
    /// runs into the next commands.
    private let stepsBetween: Int?
    /// The same for a compaction.
    private let compactionSteps: Int?

    init(_ limits: Limits, stepsBetween: Int? = nil, compactionSteps: Int? = nil) {
        (self.stepsBetween, self.compactionSteps) = (stepsBetween, compactionSteps)
        engine = Engine(limits: limits)
        engine.isWatched = true
    }

    /// Applies a command to both and says where they differ.
    func step(_ command: ModelCommand) throws -> String? {
        // When a title was last seen depends on the steps too.
        if command.dependsOnCounts || command.isCompaction { finishSweeping() }
        let wasSweeping = engine.isSweeping
        let liveBefore = Set(model.contents.filter { !model.sources($0).isEmpty })
        let (one, other) = (apply(command), Result { () throws(Refusal) in try model.apply(command) })
        if one != other { return "engine \(one), model \(other)" }
        compact(command)
        var steps = stepsBetween ?? .max
        while steps > 0, engine.sweep() { steps -= 1 }
        steps = compactionSteps ?? .max
        while steps > 0, engine.stepCompaction() { steps -= 1 }
        for walk in walks.indices { walks[walk].note(model) }
        guard !wasSweeping, !engine.isSweeping else { return try sweepingFault() }
        return try eventFault(liveBefore) ?? questionFault(command)
    }

    /// Where the answers to questions differ.
    func answerFault() throws -> String? {
        finishSweeping()
        return try dictionaryFault() ?? searchFault() ?? lookupFault() ?? browseFault()
    }

    private func finishSweeping() {
        while engine.sweep() {}
        _ = engine.takeEvents()
    }

    /// What holds while whole shares are changing too: the sources that are listed are those that are here, and their
    /// number is told.
    private func sweepingFault() throws -> String? {
        _ = engine.takeEvents()
        var search = try Search(Query.parse([UInt8(ascii: "*")]), for: .contents, page: Page(limit: 1_000))
        try engine.complete(&search)
        for content in search.page {
            var listed = 0
            engine.forEachSource(of: content, limit: .max) { _ in listed += 1 }
            let told = engine.hit(content).sourceCount
            if told != listed { return "\(hit(content)) has \(listed) sources" }
        }
        return try sourcesFault()
    }

    private func apply(_ command: ModelCommand) -> Result<Int, Refusal> {
        Result { () throws(Refusal) in
            switch command {
            case .register(let port, let isMovable, let list):
                return try register(nil, port, isMovable, list)
            case .registerAgain(let id, let port, let isMovable, let list):
                return try register(id, port, isMovable, list)
            case .leave(let id): return engine.unregister(id) ? 1 : 0
            case .prove(let id): engine.markProven(id)
            case .fail(let id): engine.markUnreachable(id)
            case .add(let id, let list): return try engine.add(list, to: id)
            case .delete(let id, let paths): return try engine.delete(paths, from: id)
            case .got(let id, let what): return try engine.got(what, by: id)
            case .partial(let id, let root): return try engine.addPartial(root, to: id)
            case .compact, .ask, .walk, .turn: break
            }
            return 0
        }
    }

    private func register(
        _ id: PeerID?, _ port: Int, _ isMovable: Bool, _ list: [FileEntry]
    ) throws(Refusal) -> PeerID {
        try engine.register(
            PeerDescription(host: .loopback, port: port, isMovable: isMovable), as: id, sharing: list,
            now: Moment(nanoseconds: 0))
    }

    private func compact(_ command: ModelCommand) {
        guard case .compact(let more) = command else { return }
        seconds += more
        model.age(to: seconds)
        let now = Moment(nanoseconds: Int64(seconds) * 1_000_000_000)
        // However long it takes: what is dropped is forgotten from the first step on.
        if engine.beginCompactionIfWorthwhile(now: now, atLeast: 0) { model.compact() }
    }
}

// MARK: Comparisons

extension ModelRun {
    /// `found` is told for every content that came to life, and for none that lived already.
    private func eventFault(_ before: Set<NaiveIndex.Key>) -> String? {
        let found = Set(
            engine.takeEvents().compactMap { event -> String? in
                guard case .found(let file) = event else { return nil }
                return Self.text(file.root, file.size, file.root == nil ? file.name : [])
            })
        let texts = { (keys: [NaiveIndex.Key]) in
            Set(keys.filter { !$0.isUnhashed }.map { Self.text($0) })
        }
        let expected = texts(model.contents.filter { !model.sources($0).isEmpty && !before.contains($0) })
        guard found.isSuperset(of: expected), found.isDisjoint(with: texts(Array(before))) else {
            return "found \(found), expected \(expected)"
        }
        return nil
    }

    private func dictionaryFault() -> String? {
        let one = engine.dictionary(maxNamesPerPeer: .max).map { entry in
            "\(entry.key.id) \(entry.key.port) \(entry.names.map(ModelCommand.text).sorted())"
        }
        let other = model.peers.sorted { $0.key < $1.key }.map { id, peer in
            "\(id) \(peer.port) \(peer.list.keys.map { ModelCommand.text($0.bytes) }.sorted())"
        }
        return one == other ? nil : "dictionary \(one), expected \(other)"
    }

    private func questionFault(_ command: ModelCommand) throws -> String? {
        switch command {
        case .ask(let text): return try searchFault([text])
        case .walk(let text, let byName):
            walks.append(try ModelWalk(text, byName: byName, in: model))
            return try turn()
        case .turn: return try turn()
        default: return nil
        }
    }

    /// One page more of each answer that is being read.
    private func turn() throws -> String? {
        var open: [ModelWalk] = []
        for var walk in walks {
            switch try walk.turn(engine, model) {
            case .more: open.append(walk)
            case .finished: break
            case .wrong(let fault): return fault
            }
        }
        walks = open
        return nil
    }

    private func searchFault() throws -> String? {
        let roots = ModelCommand.roots.map { "root:\(EngineFixture.root($0))" }
        return try searchFault(Self.queries + roots + ModelCommand.paths)
    }

    private func searchFault(_ queries: [String]) throws -> String? {
        let subjects = model.subjects
        for text in queries {
            let query = try Query.parse(Bytes(text.utf8))
            let hits = try pages(query, .contents) { content in hit(content) }
            let expectedHits = NaiveIndex.search(query, in: subjects, by: \.key).map { hit($0.group) }
            if hits != expectedHits { return "SEARCH \(text): \(hits), expected \(expectedHits)" }
            let names = try pages(query, .names) { name in
                engine.withName(name) { ModelCommand.text(Bytes($0)) }
            }
            let expectedNames = NaiveIndex.search(query, in: subjects, by: \.name)
                .map { ModelCommand.text($0.group.bytes) }
            if names != expectedNames { return "LIST \(text): \(names), expected \(expectedNames)" }
        }
        return nil
    }

    /// All pages of two lines each; a page whose total differs shows in the result.
    private func pages(
        _ query: Query, _ grouping: Search.Grouping, _ show: (UInt32) -> String
    ) throws -> [String] {
        var lines: [String] = []
        var total: Int?
        var cursor: Bytes?
        repeat {
            var search = try Search(query, for: grouping, page: Page(limit: 2, cursor: cursor))
            try engine.complete(&search)
            if total ?? search.total != search.total { lines.append("total \(search.total)") }
            total = search.total
            lines += search.page.map(show)
            cursor = search.next == [UInt8(ascii: "0")] ? nil : search.next
        } while cursor != nil && lines.count < 1_000
        if total != lines.count { lines.append("total \(total ?? -1)") }
        return lines
    }

    private func hit(_ content: ContentID) -> String {
        let hit = engine.hit(content)
        let name = engine.withName(of: content) { Bytes($0) }
        var sources: [String] = []
        engine.forEachSource(of: content, limit: 64) { source in
            sources.append("\(source.id)\(source.isPartial ? "p" : "")\(source.isMovable ? "m" : "")")
        }
        return "\(Self.text(hit.root, hit.size, name)) \(hit.sourceCount) \(sources)"
    }

    private func hit(_ key: NaiveIndex.Key) -> String {
        let sources = key.isUnhashed ? [] : model.sources(key)
        let texts = sources.map { source in
            let isMovable = key.isBare || model.peers[source.id]?.isMovable == true
            return "\(source.id)\(source.isPartial ? "p" : "")\(isMovable ? "m" : "")"
        }
        return "\(Self.text(key.root, key.size, model.bestName(key)?.bytes ?? [])) \(sources.count) \(texts)"
    }

    private func lookupFault() throws -> String? {
        let subjects = model.subjects
        for path in ModelCommand.paths {
            let name = Bytes(path.utf8)
            let query = Query(terms: [Query.Term(.exactName(Folding.fold(name)))], exactText: [])
            let expected = !NaiveIndex.search(query, in: subjects, by: \.name).isEmpty
            if try engine.check(name) != expected { return "CHECK \(path): expected \(expected)" }
        }
        return try sourcesFault()
    }

    private func sourcesFault() throws -> String? {
        for root in ModelCommand.roots.map(EngineFixture.root) {
            let ids = try engine.sources(of: .root(root)).map(\.id)
            let expected = Set(model.contents.filter { $0.root == root }.flatMap { model.sources($0).map(\.id) })
                .sorted()
            if ids != expected {
                return "SOURCES \(root): \(ids), expected \(expected)"
            }
        }
        return nil
    }

    private static func text(_ root: Digest?, _ size: Int?, _ name: Bytes) -> String {
        "\(root.map { "\($0.words.0)" } ?? "-") \(size ?? -1) \(ModelCommand.text(name))"
    }

    private static func text(_ key: NaiveIndex.Key) -> String {
        switch key {
        case .hashed(let root, let size): text(root, size, [])
        case .unhashed(let name, let size): text(nil, size, name.bytes)
        case .bare(let name): text(nil, nil, name.bytes)
        }
    }
}
