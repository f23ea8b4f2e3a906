internal import P2PProtocol
package import P2PRuntime

/// Hashes one open file, a MiB at a time.
package enum FileHasher {
    package enum Outcome: Sendable {
        case hashed(HashedFile)
        /// It was written to meanwhile: the hash would be of no state that it ever had.
        case changed
        case cancelled
    }

    /// Blocks on the disk and keeps a core busy. `advanced` hears how many more bytes are done, and says whether to
    /// go on.
    package static func hash(
        _ file: borrowing Descriptor, advanced: (Int) -> Bool = { _ in true }
    ) throws(SystemError) -> Outcome {
        let before = try file.status().identity
        file.expectSequentialReads()
        let buffer = UnsafeMutableRawBufferPointer.allocate(
            byteCount: min(PieceGeometry.pieceBytes, max(before.size, 1)), alignment: 4_096)
        defer { buffer.deallocate() }
        var hasher = ContentHasher()
        var offset = 0
        while offset < before.size {
            let count = try file.read(into: buffer, at: offset)
            guard count > 0 else { return .changed }
            hasher.update(UnsafeRawBufferPointer(rebasing: buffer[..<min(count, before.size - offset)]))
            offset += count
            guard advanced(count) else { return .cancelled }
        }
        guard try file.status().identity == before else { return .changed }
        let (root, layer) = hasher.finish()
        return .hashed(HashedFile(identity: before, root: root, layer: layer))
    }
}
