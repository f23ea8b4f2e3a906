/// Memory in blocks of 32-bit words, which never move: many lists that grow share it without a heap object each.
///
/// Blocks that grow are given back and used again; those of exact size stay until the pool goes.
///
/// SAFETY: the segments are reached through this value alone, which cannot be copied; pointers into them are valid as
/// long as it is borrowed.
struct BlockPool: ~Copyable, @unchecked Sendable {
    /// Where a block begins: segment and word.
    typealias Address = UInt32

    /// A list that grows at its end. How much room it has follows from its count.
    struct Block {
        fileprivate(set) var address: Address = 0
        fileprivate(set) var count: UInt32 = 0

        var isEmpty: Bool { count == 0 }
    }

    private static let segmentBits: UInt32 = 18
    private static let segmentWords = 1 << Int(segmentBits)

    private var segments: [UnsafeMutablePointer<UInt32>] = []
    private var used = segmentWords
    /// The first free block of each size class, or `none`; the next follows in its first word.
    private var free = [Address](repeating: .none, count: 80)

    init() {}

    deinit {
        for segment in segments { segment.deallocate() }
    }

    /// The words at an address.
    func words(at address: Address) -> UnsafeMutablePointer<UInt32> {
        segments[Int(address >> Self.segmentBits)] + Int(address & UInt32(Self.segmentWords - 1))
    }

    /// A block's elements.
    func elements(of block: Block) -> UnsafeBufferPointer<UInt32> {
        guard !block.isEmpty else { return UnsafeBufferPointer(start: nil, count: 0) }
        return UnsafeBufferPointer(start: words(at: block.address), count: Int(block.count))
    }

    /// Adds an element at a block's end. No list of ours comes near the length of a segment.
    mutating func append(_ element: UInt32, to block: inout Block) {
        if block.count & (Self.step(after: block.count) - 1) == 0 { grow(&block) }
        words(at: block.address)[Int(block.count)] = element
        block.count += 1
    }

    /// Gives a block back and leaves an empty one.
    mutating func clear(_ block: inout Block) {
        if !block.isEmpty { release(block.address, capacity: Self.capacity(for: block.count)) }
        block = Block()
    }

    /// Room of exact size that stays, aligned for 64-bit words; its contents are undefined.
    mutating func reserve(_ count: Int) -> Address {
        let words = (count + 1) & ~1
        if used + words > Self.segmentWords {
            segments.append(.allocate(capacity: Self.segmentWords))
            used = 0
        }
        defer { used += words }
        return UInt32(segments.count - 1) << Self.segmentBits | UInt32(used)
    }

    // MARK: Sizes

    /// Room grows by a quarter, an eighth or so: the two bits behind the highest one count the steps.
    private static func step(after count: UInt32) -> UInt32 {
        1 << UInt32(max(1, 29 - count.leadingZeroBitCount))
    }

    private static func capacity(for count: UInt32) -> UInt32 {
        let step = step(after: count - 1)
        return (count + step - 1) & ~(step - 1)
    }

    private static func sizeClass(_ capacity: UInt32) -> Int {
        let bits = 32 - capacity.leadingZeroBitCount
        return bits * 4 + Int(capacity >> UInt32(max(0, bits - 3))) & 3
    }

    private mutating func grow(_ block: inout Block) {
        let old = block
        let capacity = block.count + Self.step(after: block.count)
        let place = free[Self.sizeClass(capacity)]
        if place == .none {
            block.address = reserve(Int(capacity))
        } else {
            free[Self.sizeClass(capacity)] = words(at: place)[0]
            block.address = place
        }
        guard !old.isEmpty else { return }
        words(at: block.address).update(from: words(at: old.address), count: Int(old.count))
        release(old.address, capacity: old.count)
    }

    private mutating func release(_ address: Address, capacity: UInt32) {
        let sizeClass = Self.sizeClass(capacity)
        words(at: address)[0] = free[sizeClass]
        free[sizeClass] = address
    }
}
