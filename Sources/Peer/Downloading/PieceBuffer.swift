internal import P2PProtocol

/// The bytes of one piece on their way from a socket to a file.
///
/// SAFETY: one owner at a time: the loop fills it, then hands it to one job of the pool and does not touch it again.
final class PieceBuffer: @unchecked Sendable {
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: PieceGeometry.pieceBytes, alignment: 4_096)

    deinit { bytes.deallocate() }
}
