/// What is done to all bits of a chunk at once. Eight words a step, and sums that are known not to overflow: so that
/// the compiler takes the vector instructions that every machine has.
///
/// SAFETY: both sides are the 1,024 words of a chunk.
enum ChunkBits {
    private typealias Group = SIMD8<UInt64>
    private static let groups = PostingChunk.words / Group.scalarCount

    static func keep(_ bits: UnsafeMutablePointer<UInt64>, _ other: UnsafePointer<UInt64>) {
        change(bits, other) { $0 & $1 }
    }

    static func keep(
        _ bits: UnsafeMutablePointer<UInt64>, _ one: UnsafePointer<UInt64>, or other: UnsafePointer<UInt64>
    ) {
        change(bits) { group(bits, $0) & (group(one, $0) | group(other, $0)) }
    }

    static func drop(_ bits: UnsafeMutablePointer<UInt64>, _ other: UnsafePointer<UInt64>) {
        change(bits, other) { $0 & ~$1 }
    }

    /// Adds bits and says how many were new.
    static func add(_ bits: UnsafeMutablePointer<UInt64>, _ other: UnsafePointer<UInt64>) -> Int {
        let added = count(other, outside: bits)
        change(bits, other) { $0 | $1 }
        return added
    }

    static func count(_ bits: UnsafePointer<UInt64>) -> Int {
        sum { group(bits, $0) }
    }

    static func count(_ bits: UnsafePointer<UInt64>, outside other: UnsafePointer<UInt64>) -> Int {
        sum { group(bits, $0) & ~group(other, $0) }
    }

    @inline(__always)
    private static func group(_ bits: UnsafePointer<UInt64>, _ index: Int) -> Group {
        UnsafeRawPointer(bits).loadUnaligned(fromByteOffset: index &* MemoryLayout<Group>.size, as: Group.self)
    }

    @inline(__always)
    private static func change(
        _ bits: UnsafeMutablePointer<UInt64>, _ other: UnsafePointer<UInt64>, _ body: (Group, Group) -> Group
    ) {
        change(bits) { body(group(bits, $0), group(other, $0)) }
    }

    @inline(__always)
    private static func change(_ bits: UnsafeMutablePointer<UInt64>, _ next: (Int) -> Group) {
        for index in 0..<groups {
            UnsafeMutableRawPointer(bits).storeBytes(
                of: next(index), toByteOffset: index &* MemoryLayout<Group>.size, as: Group.self)
        }
    }

    /// The bits that are set: each byte counts its own, 16 groups long, before the bytes are added up.
    @inline(__always)
    private static func sum(_ next: (Int) -> Group) -> Int {
        var total = Group()
        for start in stride(from: 0, to: groups, by: 16) {
            var bytes = Group()
            for index in start..<start &+ 16 { bytes &+= bytewise(next(index)) }
            let pairs = (bytes & 0x00FF_00FF_00FF_00FF) &+ ((bytes &>> 8) & 0x00FF_00FF_00FF_00FF)
            total &+= (pairs &* 0x0001_0001_0001_0001) &>> 48
        }
        return Int(truncatingIfNeeded: total.wrappedSum())
    }

    @inline(__always)
    private static func bytewise(_ group: Group) -> Group {
        let twos = group &- ((group &>> 1) & 0x5555_5555_5555_5555)
        let fours = (twos & 0x3333_3333_3333_3333) &+ ((twos &>> 2) & 0x3333_3333_3333_3333)
        return (fours &+ (fours &>> 4)) & 0x0F0F_0F0F_0F0F_0F0F
    }
}
