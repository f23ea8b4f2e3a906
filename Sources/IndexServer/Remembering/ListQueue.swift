internal import P2PProtocol

/// Changes of lists on their way to the disk, and which peers are followed at all.
struct ListQueue: Sendable {
    /// Entries that may wait; a peer that adds more to them is given up.
    private static let capacity = 524_288

    private(set) var queue: [(peer: PeerID, change: ListChange)] = []
    /// Entries that the queue speaks of.
    private(set) var weight = 0
    /// Peers of which something is on the disk, or on its way.
    var known: Set<PeerID> = []
    /// Peers that are not followed any more until they register anew.
    private var lost: Set<PeerID> = []
    var isWriting = false
    /// Whether it is known what is on the disk.
    var isOpen = false
    /// What is to be known of peers that list no files yet, when they do.
    private var prospects: [PeerID: Prospect] = [:]

    private struct Prospect {
        var certificate: Digest?
        var isProven = false
    }

    mutating func note(_ change: ListChange, of peer: PeerID) {
        switch change {
        case .replaced(let entries, let certificate, let isProven):
            lost.remove(peer)
            prospects[peer] = nil
            guard !isOpen || known.contains(peer) || Self.areFiles(entries) else {
                guard certificate != nil || isProven else { return }
                return prospects[peer] = Prospect(certificate: certificate, isProven: isProven)
            }
        case .added(let entries) where !known.contains(peer):
            guard !lost.contains(peer), Self.areFiles(entries) else { return }
            let prospect = prospects.removeValue(forKey: peer) ?? Prospect()
            queue.append((peer, .replaced([], certificate: prospect.certificate, isProven: prospect.isProven)))
        case .proven where !known.contains(peer):
            // A part of a file, or the first that it got, proves a port before there is a list.
            if !lost.contains(peer) { prospects[peer, default: Prospect()].isProven = true }
            return
        case .unreachable where !known.contains(peer):
            prospects[peer]?.isProven = false
            return
        case .left:
            lost.remove(peer)
            prospects[peer] = nil
            guard known.contains(peer) else { return }
        case .added, .removed, .proven, .unreachable, .forgotten:
            guard known.contains(peer) else { return }
        }
        guard !lost.contains(peer) else { return }
        guard weight + change.weight <= Self.capacity else { return lose(peer) }
        if case .forgotten = change { known.remove(peer) } else { known.insert(peer) }
        append(change, of: peer)
        weight += change.weight
    }

    /// A list that comes in steps is written in pages of a size that is read fast.
    private mutating func append(_ change: ListChange, of peer: PeerID) {
        // Taken out, the page is not copied.
        guard case .added(let entries) = change, hasRoomInPage(of: peer, for: entries.count),
            case .added(var page)? = queue.popLast()?.change
        else { return queue.append((peer, change)) }
        page += entries
        queue.append((peer, .added(page)))
    }

    private func hasRoomInPage(of peer: PeerID, for count: Int) -> Bool {
        guard let last = queue.last, last.peer == peer, case .added(let page) = last.change else { return false }
        return page.count + count <= ListStore.pageEntries
    }

    /// The entries of one command are of one kind.
    private static func areFiles(_ entries: [FileEntry]) -> Bool { entries.first?.size != nil }

    /// Gives a peer's list up until it registers anew.
    mutating func lose(_ peer: PeerID) {
        guard lost.insert(peer).inserted else { return }
        known.remove(peer)
        queue.append((peer, .forgotten))
    }

    /// Whether a write is to be ordered now.
    mutating func begin() -> Bool {
        guard !isWriting else { return false }
        isWriting = true
        return true
    }

    mutating func take() -> [(peer: PeerID, change: ListChange)] {
        defer { (queue, weight) = ([], 0) }
        return queue
    }
}
