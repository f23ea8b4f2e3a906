import IndexServer
import P2PProtocol
import TestSupport

/// One command of a random script. Peers, names and roots come from small sets, so that commands meet.
enum ModelCommand: Sendable {
    case register(port: Int, isMovable: Bool, [FileEntry])
    case registerAgain(PeerID, port: Int, isMovable: Bool, [FileEntry])
    case leave(PeerID)
    case prove(PeerID)
    case fail(PeerID)
    case add(PeerID, [FileEntry])
    case delete(PeerID, [Name])
    case got(PeerID, Acquisition)
    case partial(PeerID, Digest)
    case compact(seconds: Int)
    case ask(String)
    /// Begins to read an answer, a page at a time.
    case walk(String, byName: Bool)
    /// Reads a page more of every answer that was begun.
    case turn

    static let paths = ["a", "A", "a b", "b a.mp3", "x/a b.mp3", "x/y/c.flac", "c", "x/c.mp3", "calm sea", "\u{e1} b"]
    static let roots = 1...4 as ClosedRange<UInt64>

    static func random(_ seeded: inout Seeded, peers: Int) -> ModelCommand {
        let id = Int.random(in: 1...max(1, peers + 1), using: &seeded)
        switch Int.random(in: 0..<27, using: &seeded) {
        case 0..<3: return .register(port: port(&seeded), isMovable: .random(using: &seeded), list(&seeded))
        case 3:
            return .registerAgain(id, port: port(&seeded), isMovable: .random(using: &seeded), list(&seeded))
        case 4: return .leave(id)
        case 5..<8: return .prove(id)
        case 8: return .fail(id)
        case 9..<12: return .add(id, list(&seeded))
        case 12..<14: return .delete(id, (0..<2).compactMap { _ in name(&seeded) })
        case 14..<17: return .got(id, acquisition(&seeded, peers: peers))
        case 17..<19: return .partial(id, root(&seeded))
        case 19: return .compact(seconds: Int.random(in: 0...130, using: &seeded))
        case 20..<22: return .ask(ModelQuery.random(&seeded))
        case 22..<24: return .walk(ModelQuery.random(&seeded), byName: .random(using: &seeded))
        default: return .turn
        }
    }

    private static func port(_ seeded: inout Seeded) -> Int { 9_000 + Int.random(in: 0...1, using: &seeded) }

    private static func root(_ seeded: inout Seeded) -> Digest {
        EngineFixture.root(UInt64.random(in: roots, using: &seeded))
    }

    private static func name(_ seeded: inout Seeded) -> Name? {
        paths.randomElement(using: &seeded).flatMap { Name(validating: Bytes($0.utf8)) }
    }

    private static func list(_ seeded: inout Seeded) -> [FileEntry] {
        let isBare = Bool.random(using: &seeded)
        return (0..<Int.random(in: 0...4, using: &seeded)).compactMap { _ in
            guard let name = name(&seeded) else { return nil }
            guard !isBare else { return FileEntry(name: name) }
            let root = Int.random(in: 0..<5, using: &seeded) == 0 ? nil : root(&seeded)
            return FileEntry(name: name, size: Int.random(in: 1...2, using: &seeded), root: root)
        }
    }

    private static func acquisition(_ seeded: inout Seeded, peers: Int) -> Acquisition {
        let named = Bool.random(using: &seeded) ? name(&seeded) : nil
        return Acquisition(
            content: named.map { .name($0) } ?? .root(root(&seeded)),
            giver: Int.random(in: 1...max(1, peers + 1), using: &seeded),
            path: Int.random(in: 0..<3, using: &seeded) == 0 ? name(&seeded) : nil,
            ownership: Bool.random(using: &seeded) ? .copy : .move)
    }
}

extension ModelCommand {
    var isCompaction: Bool { if case .compact = self { true } else { false } }
}

extension ModelCommand: CustomStringConvertible {
    /// As it would be typed, with the peer in front.
    var description: String {
        switch self {
        case .register(let port, let isMovable, let list): "REG * * \(port) \(Self.text(isMovable, list))"
        case .registerAgain(let id, let port, let isMovable, let list):
            "REG \(id) * \(port) \(Self.text(isMovable, list))"
        case .leave(let id): "\(id): QUIT"
        case .prove(let id): "\(id): proven"
        case .fail(let id): "\(id): unreachable"
        case .add(let id, let list): "\(id): UPD ADD \(list.map(Self.text))"
        case .delete(let id, let paths): "\(id): UPD DEL \(paths.map { Self.text($0.bytes) })"
        case .got(let id, let what):
            "\(id): UPD GOT \(Self.text(what.content)) FROM \(what.giver)"
                + (what.path.map { " AS \(Self.text($0.bytes))" } ?? "") + " \(what.ownership)"
        case .partial(let id, let root): "\(id): UPD PARTIAL \(root.words.0)"
        case .compact(let seconds): "\(seconds) s pass, compaction"
        case .ask(let query): "SEARCH and LIST \(query)"
        case .walk(let query, let byName): "\(byName ? "LIST" : "SEARCH") \(query), the first page"
        case .turn: "the next page of each"
        }
    }

    static func text(_ bytes: Bytes) -> String { String(decoding: bytes, as: UTF8.self) }

    static func text(_ reference: ContentReference) -> String {
        switch reference {
        case .root(let root): "root \(root.words.0)"
        case .name(let name): text(name.bytes)
        }
    }

    private static func text(_ isMovable: Bool, _ list: [FileEntry]) -> String {
        (isMovable ? "OWNERSHIP move " : "") + "\(list.map(text))"
    }

    private static func text(_ entry: FileEntry) -> String {
        let size = entry.size.map { " \($0) \(entry.root.map { "\($0.words.0)" } ?? "-")" } ?? ""
        return text(entry.name.bytes) + size
    }
}

extension ModelCommand {
    /// Whether its answer comes from kept counts, which follow a change of a whole share entry by entry.
    var dependsOnCounts: Bool {
        switch self {
        case .got, .partial, .ask, .walk, .turn: true
        default: false
        }
    }
}
