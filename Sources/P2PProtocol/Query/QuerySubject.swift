/// A file as a query sees it: folded and split once, then matched against any number of queries.
package struct QuerySubject: Sendable {
    package let folded: Bytes
    package let words: [Range<Int>]
    package let exactName: ExactName
    package let size: Int?
    package let root: Digest?
    /// The peers that have it.
    package let peers: [Int]

    package init(name: Bytes, size: Int? = nil, root: Digest? = nil, peers: [Int] = []) {
        folded = Folding.fold(name)
        words = Array(Words(folded))
        exactName = ExactName(of: folded)
        self.size = size
        self.root = root
        self.peers = peers
    }
}
