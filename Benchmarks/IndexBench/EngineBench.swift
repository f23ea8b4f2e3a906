import P2PProtocol
import P2PRuntime

/// The engine alone, without a socket: registering, searching, leaving and coming back.
final class EngineBench {
    private let names: TextFile
    private let hasRoots: Bool
    /// Whether what leaves is remembered for those who ask for what is offline.
    private let isKept: Bool
    private var engine = Engine()
    private let report: (String, String) -> Void

    init(_ names: TextFile, hasRoots: Bool, isKept: Bool, report: @escaping (String, String) -> Void) {
        self.isKept = isKept
        self.names = names
        self.hasRoots = hasRoots
        self.report = report
    }

    func run(queries: String?) throws {
        report("names", "\(names.count)")
        let before = Figures.residentBytes
        let peer = try register()
        report("bytes/name", Self.text(Double(Figures.residentBytes - before) / Double(names.count)))
        if let queries {
            for kind in Kind.allCases { try measure(kind, TextFile("\(queries)/\(kind).txt")) }
        }
        change("conceal") { $0.markUnreachable(peer) }
        change("reveal") { $0.markProven(peer) }
        change("leave") { $0.unregister(peer, rememberingUntil: isKept ? .distantFuture : nil) }
        if isKept {
            let back = PeerDescription(host: .loopback, port: 9_001)
            change("come back") { _ = try? $0.register(back, as: peer, sharing: [], now: .now) }
        }
        try compact()
        report("bytes/name after", Self.text(Double(Figures.residentBytes - before) / Double(names.count)))
    }

    /// A change of the whole share: all its steps, and the longest of them, which is how long others wait.
    private func change(_ what: String, _ body: (inout Engine) -> Void) {
        var steps = [Figures.seconds { body(&engine) }]
        while engine.isSweeping { steps.append(Figures.seconds { engine.sweep() }) }
        let (sum, longest) = (steps.reduce(0, +), steps.max() ?? 0)
        report("\(what) ms", Self.text(sum * 1e3))
        report("\(what), longest step ms", Self.text(longest * 1e3))
    }

    /// In batches, as a peer sends them.
    private func register() throws -> PeerID {
        let id = try engine.register(PeerDescription(host: .loopback, port: 9_001), sharing: [], now: .now)
        engine.markProven(id)
        var seconds = 0.0
        for start in stride(from: 0, to: names.count, by: 20_000) {
            let batch = (start..<min(start + 20_000, names.count)).compactMap(entry)
            seconds += try Figures.seconds { _ = try engine.add(batch, to: id) }
        }
        report("names/s", Self.text(Double(names.count) / seconds))
        return id
    }

    private func entry(_ line: Int) -> FileEntry? {
        guard let name = Name(validating: names[line]) else { return nil }
        guard hasRoots else { return FileEntry(name: name) }
        let number = UInt64(line)
        let root = Digest(words: (number &* 0x9E37_79B9_7F4A_7C15, number &* 0xBF58_476D_1CE4_E5B9, ~number, number))
        return FileEntry(name: name, size: 4_000_000 + line, root: root)
    }

    /// The exact total and the first hundred hits with all that an answer tells of them.
    private func measure(_ kind: Kind, _ queries: TextFile) throws {
        var times = Times()
        var told = 0
        var totals = 0
        for line in queries.lines {
            try times.measure {
                var search = try Search(Query.parse(line), for: .contents, page: Page(limit: 100))
                try engine.complete(&search)
                for content in search.page {
                    engine.withName(of: content) { told += $0.count }
                    engine.forEachSource(of: content, limit: 64) { told += $0.port }
                }
                totals += search.total
            }
        }
        let hits = totals / max(1, queries.count)
        report(
            "\(kind) p50/p99 µs", "\(Self.text(times.percentile(50))) \(Self.text(times.percentile(99))) (\(hits) hits)"
        )
        if told == 0, totals > 0 { report("\(kind)", "told nothing") }
    }

    /// Half of the names go for good, as their peers do; what is left is made compact.
    private func compact() throws {
        let id = try engine.register(PeerDescription(host: .loopback, port: 9_002), sharing: [], now: .now)
        engine.markProven(id)
        for start in stride(from: 0, to: names.count / 3, by: 20_000) {
            _ = try engine.add((start..<min(start + 20_000, names.count / 3)).compactMap(entry), to: id)
        }
        // What left is remembered for some minutes; then it counts as dead.
        let start = Moment.now
        for minutes in stride(from: 3, to: 30, by: 3) {
            var begins = false
            let seconds = Figures.seconds {
                begins = engine.beginCompactionIfWorthwhile(now: start + .seconds(minutes * 60), atLeast: 16)
            }
            if begins { return finishCompaction(after: seconds) }
        }
    }

    /// Its steps keep out who changes something, its beginning and its end keep out everybody.
    private func finishCompaction(after beginning: Double) {
        var steps: [Double] = []
        var end = 0.0
        var outdated: Compaction?
        while outdated == nil {
            var state = Engine.CompactionState.none
            steps.append(Figures.seconds { state = engine.advanceCompaction() })
            switch state {
            case .none: return
            case .underWay: continue
            case .ready: end = Figures.seconds { outdated = engine.finishCompaction() }
            }
        }
        let freeing = Figures.seconds { outdated = nil }
        report("compaction ms", Self.text((steps.reduce(beginning + end + freeing, +)) * 1e3))
        report("compaction, longest step ms", Self.text((steps.max() ?? 0) * 1e3))
        report("compaction, longest hold of all ms", Self.text(max(beginning, end) * 1e3))
        report("compaction, freeing ms", Self.text(freeing * 1e3))
    }

    private static func text(_ value: Double) -> String {
        value >= 100 ? "\(Int(value.rounded()))" : "\((value * 100).rounded() / 100)"
    }
}

/// The kinds of query, as their files are called.
enum Kind: String, CaseIterable, CustomStringConvertible {
    case rare, common, two, three, commonest, prefix, phrase, miss, exact

    var description: String { rawValue }
}
