internal import P2PProtocol
package import P2PRuntime

/// Hashes open files, one after another, with one buffer.
package final class FileHasher {
    package enum Outcome: Sendable {
        case hashed(HashedFile)
        /// It was written to meanwhile: the hash would be of no state that it ever had.
        case changed
        case cancelled
    }

    /// Read at a time: a few blocks, which the processor's cache still holds when they are hashed. From 128 KiB on
    /// every buffer would be mapped anew, and each of its pages be a fault.
    private static let portion = 6 * PieceGeometry.blockBytes

    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: portion, alignment: 4_096)

    package init() {}

    deinit { buffer.deallocate() }

    /// The same for a single file.
    package static func hash(_ file: borrowing Descriptor) throws(SystemError) -> Outcome {
        try FileHasher().hash(file)
    }

    /// Blocks on the disk and keeps a core busy. `advanced` hears how many more bytes are done, and says whether to
    /// go on. `known` is what the file was when it was opened.
    package func hash(
        _ file: borrowing Descriptor, being known: FileIdentity? = nil, advanced: (Int) -> Bool = { _ in true }
    ) throws(SystemError) -> Outcome {
        let before: FileIdentity
        if let known { before = known } else { before = try file.status().identity }
        if before.size <= buffer.count { return try hashShort(file, before, advanced) }
        file.expectSequentialReads()
        var hasher = ContentHasher()
        let isComplete = try read(file, 0..<before.size, advanced) { hasher.update($0) }
        guard let isComplete else { return .cancelled }
        guard isComplete, try file.status().identity == before else { return .changed }
        let (root, layer) = hasher.finish()
        return .hashed(HashedFile(identity: before, root: root, layer: layer))
    }

    /// A file that the buffer holds: read and hashed where it lies.
    private func hashShort(
        _ file: borrowing Descriptor, _ before: FileIdentity, _ advanced: (Int) -> Bool
    ) throws(SystemError) -> Outcome {
        let wanted = UnsafeMutableRawBufferPointer(rebasing: buffer[..<before.size])
        let count = try file.read(into: wanted, at: 0)
        guard advanced(count) else { return .cancelled }
        guard count == before.size, try file.status().identity == before,
            let root = PieceHasher.root(of: UnsafeRawBufferPointer(wanted), isOnlyPiece: true),
            let layer = PieceLayer(stored: root.bytes, size: before.size)
        else { return .changed }
        return .hashed(HashedFile(identity: before, root: root, layer: layer))
    }

    /// The hashes of the pieces in a part of a large file, which begins with a piece and ends with one: 32 bytes each.
    /// Empty when it was cancelled; fewer than there should be when the file has become shorter.
    func layer(
        of file: borrowing Descriptor, _ range: Range<Int>, advanced: (Int) -> Bool
    ) throws(SystemError) -> Bytes {
        var layer = Bytes()
        var start = range.lowerBound
        while start < range.upperBound {
            let end = min(start + PieceGeometry.pieceBytes, range.upperBound)
            var piece = PieceHasher()
            guard let isComplete = try read(file, start..<end, advanced, { _ = piece.update($0) }) else { return [] }
            guard isComplete else { return layer }
            layer += piece.finish(isOnlyPiece: false).bytes
            start = end
        }
        return layer
    }

    /// Hands out a part of the file. False when the file ends earlier, nil when it was cancelled.
    private func read(
        _ file: borrowing Descriptor, _ range: Range<Int>, _ advanced: (Int) -> Bool,
        _ take: (UnsafeRawBufferPointer) -> Void
    ) throws(SystemError) -> Bool? {
        var offset = range.lowerBound
        while offset < range.upperBound {
            let wanted = UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(range.upperBound - offset))
            let count = try file.read(into: wanted, at: offset)
            take(UnsafeRawBufferPointer(rebasing: wanted[..<count]))
            offset += count
            guard advanced(count) else { return nil }
            guard count == wanted.count else { return false }
        }
        return true
    }
}
