import IndexServer
import P2PProtocol

/// An answer that is read page by page while things change. What is in it all the time, and keeps its place, has to
/// come exactly once; each page holds only what is in the answer at that moment, with the total of that moment.
struct ModelWalk {
    let text: String
    let query: Query
    let grouping: Search.Grouping
    private var cursor: Bytes?
    private var told: [String] = []
    /// What was in the answer from the beginning, with its place.
    private var steady: [String: Place]

    /// The title because of which a line stands where it does.
    struct Place: Equatable {
        let title: NaiveIndex.Title
        let isExact: Bool
    }

    init(_ text: String, byName: Bool, in model: NaiveIndex) throws {
        self.text = text
        query = try Query.parse(Bytes(text.utf8))
        grouping = byName ? .names : .contents
        steady = [:]
        for line in lines(in: model) { steady[line.text] = line.place }
    }

    /// Takes notice of a change.
    mutating func note(_ model: NaiveIndex) {
        let now = Dictionary(uniqueKeysWithValues: lines(in: model).map { ($0.text, $0.place) })
        steady = steady.filter { now[$0.key] == $0.value }
    }

    enum Turn {
        case more
        case finished
        case wrong(String)
    }

    /// Reads the next page.
    mutating func turn(_ engine: borrowing Engine, _ model: NaiveIndex) throws -> Turn {
        var search = try Search(query, for: grouping, page: Page(limit: 2, cursor: cursor))
        do throws(Refusal) {
            try engine.complete(&search)
        } catch .badCursor {
            // After several compactions it may be refused.
            return .finished
        }
        let known = lines(in: model).map(\.text)
        let page = search.page.map { line in Self.text(line, grouping, engine) }
        guard search.total == known.count else { return .wrong("\(text): total \(search.total), expected \(known)") }
        guard page.allSatisfy(known.contains) else { return .wrong("\(text): page \(page), expected some of \(known)") }
        told += page
        cursor = search.next
        guard search.next == [UInt8(ascii: "0")] else { return .more }
        for line in steady.keys where told.filter({ $0 == line }).count != 1 {
            return .wrong("\(text): told \(told), but \(line) was there all the time")
        }
        return .finished
    }

    private func lines(in model: NaiveIndex) -> [(text: String, place: Place)] {
        NaiveIndex.search(query, in: model.subjects) { Self.text($0, grouping) }
            .map { ($0.group, Place(title: $0.title, isExact: $0.isExact)) }
    }

    private static func text(_ title: NaiveIndex.Title, _ grouping: Search.Grouping) -> String {
        let name = ModelCommand.text(title.name.bytes)
        guard grouping == .contents else { return name }
        return text(title.key.root, title.key.size, name)
    }

    private static func text(_ line: UInt32, _ grouping: Search.Grouping, _ engine: borrowing Engine) -> String {
        guard grouping == .contents else { return engine.withName(line) { ModelCommand.text(Bytes($0)) } }
        let hit = engine.hit(line)
        return text(hit.root, hit.size, engine.withName(of: line) { ModelCommand.text(Bytes($0)) })
    }

    private static func text(_ root: Digest?, _ size: Int?, _ name: String) -> String {
        "\(size ?? -1) \(root.map { "\($0.words.0)" } ?? name)"
    }
}
