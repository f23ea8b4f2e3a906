import IndexServer
import P2PProtocol

/// The index as anybody would write it first: dictionaries, walked from end to end. The engine must agree with it.
struct NaiveIndex {
    enum Key: Hashable {
        case hashed(Digest, Int)
        case unhashed(Name, Int)
        case bare(Name)

        init(_ entry: FileEntry) {
            switch (entry.size, entry.root) {
            case (let size?, let root?): self = .hashed(root, size)
            case (let size?, nil): self = .unhashed(entry.name, size)
            case (nil, _): self = .bare(entry.name)
            }
        }

        var isBare: Bool { if case .bare = self { true } else { false } }
        var isUnhashed: Bool { if case .unhashed = self { true } else { false } }

        var size: Int? {
            switch self {
            case .hashed(_, let size), .unhashed(_, let size): size
            case .bare: nil
            }
        }

        var root: Digest? { if case .hashed(let root, _) = self { root } else { nil } }

        func renamed(_ name: Name) -> Key {
            switch self {
            case .hashed: self
            case .unhashed(_, let size): .unhashed(name, size)
            case .bare: .bare(name)
            }
        }
    }

    struct Title: Hashable {
        let key: Key
        let name: Name
    }

    struct Peer {
        var port: Int
        var isMovable: Bool
        var isProven = false
        var list: [Name: Key] = [:]
        var partials: [Key: Name] = [:]
    }

    var peers: [PeerID: Peer] = [:]
    var nextID = 1
    /// In the order in which they became known.
    var titles: [Title] = []
    var contents: [Key] { titles.map(\.key).distinct() }
    /// Titles that left lately.
    var fresh: Set<Title> = []
    var ageing: Set<Title> = []
    var turned = 0

    // MARK: What is seen

    func shows(_ key: Key, _ id: PeerID) -> Bool { key.isBare || peers[id]?.isProven == true }

    /// Peers that hold a title, whole or in part.
    func holders(_ title: Title) -> [PeerID] {
        peers.filter { $0.value.list[title.name] == title.key || $0.value.partials[title.key] == title.name }.keys
            .sorted()
    }

    /// Entries that may be shown.
    func shown(_ title: Title) -> Int {
        peers.reduce(0) { sum, peer in
            guard shows(title.key, peer.key) else { return sum }
            return sum + (peer.value.list[title.name] == title.key ? 1 : 0)
                + (peer.value.partials[title.key] == title.name ? 1 : 0)
        }
    }

    /// Live sources: ids, and whether they have only a part.
    func sources(_ key: Key) -> [(id: PeerID, isPartial: Bool)] {
        peers.keys.sorted().compactMap { id in
            guard shows(key, id), let peer = peers[id] else { return nil }
            let isWhole = peer.list.values.contains(key)
            return isWhole || peer.partials[key] != nil ? (id, !isWhole) : nil
        }
    }

    func bestName(_ key: Key) -> Name? {
        titles.filter { $0.key == key }.min {
            let (left, right) = (shown($0), shown($1))
            return left == right ? $0.name < $1.name : left > right
        }?.name
    }

    func mostTrusted(_ root: Digest) -> Key? {
        contents.filter { $0.root == root }.max { sources($0).count < sources($1).count }
            .map { best in
                let most = sources(best).count
                return contents.first { $0.root == root && sources($0).count == most } ?? best
            }
    }

    /// What is known, in the order in which it became so.
    var subjects: [Subject] {
        titles.map { title in
            let peers = sources(title.key).map(\.id)
            let (size, root) = (title.key.size, title.key.root)
            return Subject(
                title: title, isShown: shown(title) > 0,
                subject: QuerySubject(name: title.name.bytes, size: size, root: root, peers: peers))
        }
    }

    struct Subject {
        let title: Title
        let isShown: Bool
        let subject: QuerySubject
    }

    /// The lines that a query gives, exact names first: a group of titles stands where the oldest that matches does,
    /// shown or not, as long as one that matches is shown.
    static func search<Group: Hashable>(
        _ query: Query, in subjects: [Subject], by group: (Title) -> Group
    ) -> [(group: Group, title: Title, isExact: Bool)] {
        let found = subjects.filter { query.matches($0.subject) }
        var known: Set<Group> = []
        return [true, false].flatMap { isExact in
            let matching = found.filter { query.isExact(for: $0.subject) == isExact }
            let shown = Set(matching.filter(\.isShown).map { group($0.title) }).subtracting(known)
            let lines = matching.filter { shown.contains(group($0.title)) }
                .filter { known.insert(group($0.title)).inserted }
            return lines.map { (group($0.title), $0.title, isExact) }
        }
    }
}

extension Sequence {
    /// Each element where it stands first.
    func distinct<Element: Hashable>() -> [Element] where Self.Element == Element {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
