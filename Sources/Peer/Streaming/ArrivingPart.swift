internal import P2PProtocol
internal import Synchronization

/// One player's view of a download under way: only what is verified is there, and what it waits for comes first.
final class ArrivingPart: Sendable {
    /// So much is said to be there at once; more is found out by asking again.
    private static let mostPieces = 16

    private let entry: UnfinishedContents.Entry
    private let playback: Playback
    private let unfinished: UnfinishedContents
    /// For which byte the others were last asked to make way. Said once, so that two players do not keep pulling the
    /// download to and fro.
    private let awaited = Atomic(-1)

    init(entry: UnfinishedContents.Entry, playback: Playback, unfinished: UnfinishedContents) {
        (self.entry, self.playback, self.unfinished) = (entry, playback, unfinished)
    }

    /// How many bytes are there from an offset on; nil when no more will come into this file.
    func bytes(from offset: Int) -> Int? {
        let pieces = entry.pieces()
        let first = offset / PieceGeometry.pieceBytes
        var end = first
        while end - first < Self.mostPieces, pieces.contains(end) { end += 1 }
        guard end == first else { return end * PieceGeometry.pieceBytes - offset }
        guard playback.whereabouts() == .coming, unfinished[playback.root]?.file === entry.file else { return nil }
        if awaited.exchange(offset, ordering: .relaxed) != offset {
            unfinished.position(of: playback.root).byte = offset
        }
        return 0
    }
}
