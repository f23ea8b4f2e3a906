internal import P2PProtocol
package import P2PRuntime

/// Hands lists from the disk to the engine, in pieces so small that nobody notices.
package struct Recall: Sendable {
    /// Entries that are added under one lock: fewer would leave most of the time to searches that look at each name.
    private static let piece = 4_096

    /// The same of those that enter the inverted index: searches wait for each of them many times meanwhile.
    private static let indexed = 1_024

    private let engine: ReadersWriterLock<Engine>

    package init(_ engine: ReadersWriterLock<Engine>) { self.engine = engine }

    /// Before anybody is let in.
    func prepare() { engine.write { $0.beginRecall() } }

    /// There is nothing more to hand over.
    func end() { engine.write { $0.endRecall() } }

    /// Begins with a list; false when its peer is back already, or was here since.
    func begin(_ list: ListStore.Remembered) -> Bool {
        let (now, today) = (Moment.now, Int(WallClock.now.milliseconds))
        let end = now + ListJournal.memory + .milliseconds(min(0, list.left - today))
        return engine.write { $0.recall(list.peer, certificate: list.certificate, until: end, now: now) }
    }

    /// Adds a page of it and says how many entries it has; nil when the rest is not wanted any more.
    func hand(_ page: ListPage?, of peer: PeerID) -> Int? {
        switch page {
        case .added(let entries):
            let isWanted = inPieces(entries) { engine, piece in engine.recall(piece, of: peer) }
            return isWanted ? entries.count : nil
        case .removed(let paths):
            return inPieces(paths) { engine, piece in engine.recallDeletion(piece, of: peer) } ? 0 : nil
        case nil: return 0
        }
    }

    /// That was the whole list.
    func finish(_ peer: PeerID) {
        engine.write { $0.finishRecall(peer) }
    }

    /// Puts some of what was handed over into the inverted index; true when nothing is left.
    func catchUp() -> Bool { engine.write { $0.catchUp(atMost: Self.indexed) } }

    private func inPieces<Element>(
        _ all: [Element], _ body: (inout Engine, ArraySlice<Element>) -> Bool
    ) -> Bool {
        for start in stride(from: 0, to: all.count, by: Self.piece) {
            let piece = all[start..<min(start + Self.piece, all.count)]
            guard engine.write({ body(&$0, piece) }) else { return false }
        }
        return true
    }
}
