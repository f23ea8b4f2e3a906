package import P2PProtocol

/// One thing that happened to a peer's list, as the journal keeps it.
package enum ListChange: Sendable {
    /// The peer registered: what it lists now replaces what was known.
    case replaced([FileEntry], certificate: Digest?, isProven: Bool)
    case added([FileEntry])
    case removed([Name])
    /// Its port is proven: from now on its list is worth remembering.
    case proven
    /// Its port, once proven, answers no longer.
    case unreachable
    /// It left, at so many milliseconds since 1970.
    case left(Int)
    /// Nobody wants to know any more.
    case forgotten

    /// What becomes of a list with these entries, of which the last of each path counts: those that are remembered, and
    /// the paths that stand for something else from now on. Nobody could ask for what has no root.
    package static func settle(_ entries: [FileEntry]) -> (listed: [FileEntry], gone: [Name]) {
        guard entries.contains(where: { $0.root == nil }) else { return (entries, []) }
        var (listed, gone, seen): ([FileEntry], [Name], Set<Name>) = ([], [], [])
        for entry in entries.reversed() where seen.insert(entry.name).inserted {
            if entry.root == nil { gone.append(entry.name) } else { listed.append(entry) }
        }
        return (listed, gone)
    }

    /// How many entries it speaks of.
    var weight: Int {
        switch self {
        case .replaced(let entries, _, _), .added(let entries): entries.count
        case .removed(let paths): paths.count
        case .proven, .unreachable, .left, .forgotten: 0
        }
    }
}
