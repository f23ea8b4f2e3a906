internal import P2PProtocol
internal import P2PRuntime

/// A file that is worth hashing on several threads at once.
struct LargeFile: Sendable {
    /// From this size on.
    static let bytes = 16 << 20
    /// What one thread takes at a time.
    private static let part = 8 * PieceGeometry.pieceBytes

    let file: OpenFile

    /// Hashes its parts on the pool, in their order, as many at once as it has threads.
    func hash(
        on pool: WorkerPool, threads: Int, advanced: @escaping @Sendable (Int) -> Bool
    ) async throws -> FileHasher.Outcome {
        let before = try file.descriptor.status().identity
        file.descriptor.expectSequentialReads()
        let starts = Array(stride(from: 0, to: before.size, by: Self.part))
        var layers: [Bytes] = Array(repeating: [], count: starts.count)
        try await withThrowingTaskGroup(of: (Int, Bytes).self) { group in
            var waiting = starts.indices[...]
            func add() {
                guard let index = waiting.popFirst() else { return }
                let range = starts[index]..<min(starts[index] + Self.part, before.size)
                group.addTask { [file] in
                    (
                        index,
                        try await pool.run { try FileHasher().layer(of: file.descriptor, range, advanced: advanced) }
                    )
                }
            }
            for _ in 0..<threads + 1 { add() }
            while let (index, layer) = try await group.next() {
                layers[index] = layer
                // Nothing more for a file that has become shorter, or of which nobody wants to know any more.
                guard layer.count == Digest.byteCount * Self.pieces(from: starts[index], size: before.size) else {
                    break
                }
                add()
            }
        }
        guard advanced(0) else { return .cancelled }
        guard try file.descriptor.status().identity == before,
            let layer = PieceLayer(stored: Bytes(layers.joined()), size: before.size)
        else { return .changed }
        return .hashed(HashedFile(identity: before, root: layer.root, layer: layer))
    }

    private static func pieces(from start: Int, size: Int) -> Int {
        (min(part, size - start) + PieceGeometry.pieceBytes - 1) / PieceGeometry.pieceBytes
    }
}
