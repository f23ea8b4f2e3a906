internal import P2PProtocol

/// A hash table of 32-bit numbers. The keys stay where they are; the caller tells whether a number's key is the one
/// looked for.
///
/// The table is many small ones, one for each beginning of a hash, so that growing moves a few hundred numbers at a
/// time and nobody waits for it.
package struct IDTable: ~Copyable {
    /// Where a number stands until the table changes.
    package struct Position {
        fileprivate let shard: Int
        fileprivate let slot: Int
    }

    private static let shardBits = 12
    static let shardCount = 1 << shardBits
    private var shards: [TableShard] = []
    /// How many there are.
    package private(set) var count = 0

    /// An empty table.
    package init() {}

    deinit {
        for shard in shards { shard.free() }
    }

    /// The seeded hash of bytes.
    package static func hash(_ bytes: Span<UInt8>) -> UInt32 { KeyedHash.hash(bytes) }

    /// The seeded hash of a few numbers.
    package static func hash(_ first: UInt64, _ second: UInt64 = 0) -> UInt32 { KeyedHash.hash(first, second) }

    /// Where the number stands whose key `matches`; nil when there is none.
    package func position(_ hash: UInt32, where matches: (UInt32) -> Bool) -> Position? {
        guard !shards.isEmpty else { return nil }
        let shard = Self.shard(hash)
        return shards[shard].slot(of: Self.tag(hash), where: matches).map { Position(shard: shard, slot: $0) }
    }

    /// The number whose key `matches`.
    package func find(_ hash: UInt32, where matches: (UInt32) -> Bool) -> UInt32? {
        guard let position = position(hash, where: matches) else { return nil }
        return number(at: position)
    }

    /// Has the memory at hand that a look for this hash will need first. A probe decides on what it reads, so that none
    /// is begun before the one ahead of it is over; this decides nothing, and many go side by side.
    func approach(_ hash: UInt32) -> UInt32 {
        shards.isEmpty ? 0 : shards[Self.shard(hash)].approach(Self.tag(hash))
    }

    /// The first number whose hash is near enough to be the one looked for.
    func candidate(_ hash: UInt32) -> UInt32? {
        guard !shards.isEmpty else { return nil }
        let shard = Self.shard(hash)
        return shards[shard].slot(of: Self.tag(hash)) { _ in true }.map { shards[shard].number(at: $0) }
    }

    /// The number at a position.
    package func number(at position: Position) -> UInt32 { shards[position.shard].number(at: position.slot) }

    /// Puts another number under the same key.
    package mutating func replace(at position: Position, with number: UInt32) {
        shards[position.shard].replace(at: position.slot, with: number)
    }

    /// Adds a number that is not there. Numbers are below 2³² − 1.
    package mutating func insert(_ hash: UInt32, _ number: UInt32) {
        if shards.isEmpty { shards = [TableShard](repeating: TableShard(), count: 1 << Self.shardBits) }
        shards[Self.shard(hash)].insert(Self.tag(hash), number)
        count += 1
    }

    /// Every number with as much of its hash as the table goes by.
    package func forEach(_ body: (_ hash: UInt32, _ number: UInt32) -> Void) {
        for (beginning, shard) in shards.enumerated() {
            let high = UInt32(beginning) << (32 - Self.shardBits)
            shard.forEach { tag, number in body(high | UInt32(tag) << (16 - Self.shardBits), number) }
        }
    }

    /// The small table that a hash belongs to.
    static func shard(_ hash: UInt32) -> Int { Int(hash >> (32 - shardBits)) }

    private static func tag(_ hash: UInt32) -> UInt16 { UInt16(truncatingIfNeeded: hash >> (16 - shardBits)) }
}
