import P2PProtocol

/// The content identity once more, as slowly and plainly as BEP 52 can be written down: all leaves of the whole
/// file, padded with zeros to a power of two. Shares nothing with the real one but the hash.
enum NaiveContent {
    /// Bytes that differ from block to block and from piece to piece; at most 6 MiB of them.
    static func bytes(_ count: Int) -> Bytes { Bytes(pattern.prefix(count)) }

    private static let pattern: Bytes = (0..<6 << 20).map { index in
        UInt8(truncatingIfNeeded: index * 7 + (index >> 8) * 13 + (index >> 16) * 29)
    }

    static func root(of file: Bytes) -> Digest {
        guard !file.isEmpty else { return SHA256.hash(Bytes()) }
        return root(of: paddedLeaves(of: file)[...])
    }

    static func layer(of file: Bytes) -> [Digest] {
        guard file.count > 1 << 20 else { return [root(of: file)] }
        let leaves = paddedLeaves(of: file)
        return stride(from: 0, to: file.count, by: 1 << 20).map { start in
            root(of: leaves[start >> 14..<(start >> 14) + 64])
        }
    }

    private static func paddedLeaves(of file: Bytes) -> [Digest] {
        var leaves = stride(from: 0, to: file.count, by: 16_384).map { start in
            SHA256.hash(file[start..<min(start + 16_384, file.count)])
        }
        while leaves.count.nonzeroBitCount != 1 { leaves.append(Digest(words: (0, 0, 0, 0))) }
        return leaves
    }

    private static func root(of leaves: ArraySlice<Digest>) -> Digest {
        guard leaves.count > 1 else { return leaves[leaves.startIndex] }
        let middle = leaves.startIndex + leaves.count / 2
        return SHA256.hash(root(of: leaves[..<middle]).bytes + root(of: leaves[middle...]).bytes)
    }
}
