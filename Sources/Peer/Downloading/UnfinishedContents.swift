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

    private let entries = Mutex<[Digest: Entry]>([:])

    package init() {}

    subscript(root: Digest) -> Entry? { entries.withLock { $0[root] } }

    func offer(_ entry: Entry, as root: Digest) {
        entries.withLock { $0[root] = entry }
    }

    /// The file is complete and shared as such, or given up.
    func withdraw(_ root: Digest) {
        entries.withLock { $0[root] = nil }
    }
}
