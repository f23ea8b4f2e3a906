/// The groups that a search has met: a few in an array, which most searches never outgrow, more as bits.
struct GroupSet {
    private static let few = 32
    private var small: [UInt32] = []
    private var large: BitSet?

    /// Adds a group; false when it was there.
    @discardableResult
    mutating func insert(_ group: UInt32) -> Bool {
        if large != nil { return large?.insert(group) ?? false }
        guard !small.contains(group) else { return false }
        small.append(group)
        if small.count > Self.few {
            var bits = BitSet()
            for group in small { bits.insert(group) }
            large = bits
        }
        return true
    }

    func contains(_ group: UInt32) -> Bool {
        large?.contains(group) ?? small.contains(group)
    }

    var isEmpty: Bool { large == nil && small.isEmpty }
}
