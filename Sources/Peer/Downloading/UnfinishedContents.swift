package import P2PProtocol
package import P2PRuntime
internal import Synchronization

/// The downloads under way of which others can have what is there already.
package final class UnfinishedContents: Sendable {
    /// One of them.
    package struct Entry: Sendable {
        let part: PartFile
        let name: Bytes
        /// The pieces that are verified and in their place, as of now.
        let pieces: @Sendable () -> PieceSet

        package var file: OpenFile { part.file }
        package var layer: PieceLayer { part.layer }

        /// Whether every byte of a part of the file is there.
        func holds(_ range: ByteRange) -> Bool {
            let pieces = pieces()
            return layer.geometry.pieces(touching: range.first..<range.last + 1).allSatisfy(pieces.contains)
        }
    }

    private struct State {
        var entries: [Digest: Entry] = [:]
        var positions: [Digest: PlayPosition] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    subscript(root: Digest) -> Entry? { state.withLock { $0.entries[root] } }

    func offer(_ entry: Entry, as root: Digest) {
        state.withLock { $0.entries[root] = entry }
    }

    /// Where somebody looks at a content, which may be said before its download begins.
    func position(of root: Digest) -> PlayPosition {
        state.withLock { state in
            let position = state.positions[root] ?? PlayPosition()
            state.positions[root] = position
            return position
        }
    }

    /// The file is complete and shared as such, or given up.
    func withdraw(_ root: Digest) {
        state.withLock { state in
            state.entries[root] = nil
            state.positions[root] = nil
        }
    }
}
