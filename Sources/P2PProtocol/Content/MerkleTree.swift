/// A binary hash tree whose missing nodes are a known padding, so that only the nodes that exist are hashed.
enum MerkleTree {
    /// The root `height` levels above `nodes`, or at the first level that holds one node alone when no height is
    /// given; `padding` stands for every missing node.
    static func root(of nodes: [Digest], padding: Digest, height: Int? = nil) -> Digest {
        var level = nodes
        var padding = padding
        var climbed = 0
        while height.map({ climbed < $0 }) ?? (level.count > 1) {
            level = parents(of: level, padding: padding)
            padding = SHA256.node(padding, padding)
            climbed += 1
        }
        return level.first ?? padding
    }

    private static func parents(of level: [Digest], padding: Digest) -> [Digest] {
        var parents: [Digest] = []
        parents.reserveCapacity((level.count + 1) / 2)
        for left in stride(from: 0, to: level.count, by: 2) {
            let right = left + 1 < level.count ? level[left + 1] : padding
            parents.append(SHA256.node(level[left], right))
        }
        return parents
    }
}
