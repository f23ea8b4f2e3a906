internal import P2PProtocol

/// How far somebody has come through the words that begin in one way: there may be millions. Words that come meanwhile
/// are not met; it is good until the next compaction.
struct PrefixWalk: Sendable {
    let prefix: Bytes
    /// Pairs of first bytes that are still to be looked at.
    var heads: Range<Int>
    /// The next word of the pair before those.
    var next = UInt32.none

    init(_ prefix: Bytes) {
        self.prefix = prefix
        switch prefix.count {
        case 0: heads = 0..<1 << 16
        case 1: heads = Int(prefix[0]) << 8..<Int(prefix[0]) << 8 + 256
        default: heads = Int(prefix[0]) << 8 + Int(prefix[1])..<Int(prefix[0]) << 8 + Int(prefix[1]) + 1
        }
    }

    var isFinished: Bool { heads.isEmpty && next == .none }
}
