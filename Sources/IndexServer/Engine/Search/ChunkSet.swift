/// The titles of one chunk that a search still has: few as a list, many as a bit for each title of the chunk.
///
/// SAFETY: both buffers have their full length from the beginning, belong to this value alone, and go with it.
package struct ChunkSet: ~Copyable {
    private let low = UnsafeMutablePointer<UInt16>.allocate(capacity: Postings.dense)
    private let bits = UnsafeMutablePointer<UInt64>.allocate(capacity: PostingChunk.words)
    private var isDense = false
    /// Of the list.
    private var length = 0

    /// No titles.
    package init() {}

    deinit {
        low.deallocate()
        bits.deallocate()
    }

    /// How many of them are not in `set`.
    package func count(outside set: borrowing BitSet, chunk: UInt32) -> Int {
        set.withChunk(chunk) { other in
            guard isDense else { return count(outside: other) }
            return other.map { ChunkBits.count(bits, outside: $0) } ?? ChunkBits.count(bits)
        }
    }

    private func count(outside other: UnsafePointer<UInt64>?) -> Int {
        guard let other else { return length }
        var count = 0
        for index in 0..<length where !Self.holds(low[index], other) { count += 1 }
        return count
    }

    /// Whether it is known to have none.
    package var isEmpty: Bool { !isDense && length == 0 }

    // MARK: Filling

    /// Takes what a list has in the chunk.
    package mutating func load(_ chunk: PostingChunk) {
        isDense = false
        length = 0
        switch chunk {
        case .bits(let words, _):
            isDense = true
            bits.update(from: words, count: PostingChunk.words)
        case .low(let all) where all.count <= Postings.dense:
            if let base = all.baseAddress { low.update(from: base, count: all.count) }
            length = all.count
        case .titles(let all) where all.count <= Postings.dense:
            for title in all {
                low[length] = UInt16(truncatingIfNeeded: title)
                length += 1
            }
        case .one(let only):
            low[0] = only
            length = 1
        case .none, .low, .titles: break
        }
    }

    /// Every title of a set in a chunk.
    package mutating func load(_ set: borrowing BitSet, chunk: UInt32) {
        isDense = true
        set.withChunk(chunk) { other in
            if let other {
                bits.update(from: other, count: PostingChunk.words)
            } else {
                bits.update(repeating: 0, count: PostingChunk.words)
            }
        }
    }

    /// Every title of either set in a chunk.
    package mutating func load(_ set: borrowing BitSet, or other: borrowing BitSet, chunk: UInt32) {
        load(set, chunk: chunk)
        other.withChunk(chunk) { more in
            if let more { _ = ChunkBits.add(bits, more) }
        }
    }

    // MARK: Thinning out

    /// Leaves what a list has as well.
    package mutating func keep(_ chunk: PostingChunk) {
        if isDense, case .bits(let words, _) = chunk {
            ChunkBits.keep(bits, words)
        } else if isDense {
            let dense = bits
            load(chunk)
            thin { Self.holds($0, dense) }
        } else {
            thin(by: chunk, keeping: true)
        }
    }

    /// Takes out what a list has.
    package mutating func drop(_ chunk: PostingChunk) {
        guard isDense else { return thin(by: chunk, keeping: false) }
        if case .bits(let words, _) = chunk {
            ChunkBits.drop(bits, words)
        } else {
            let dense = bits
            chunk.forEach { dense[Int($0 >> 6)] &= ~(1 << UInt64($0 & 63)) }
        }
    }

    /// Leaves what is in a set as well.
    package mutating func keep(_ set: borrowing BitSet, chunk: UInt32) {
        set.withChunk(chunk) { keep($0) }
    }

    /// Leaves what is in either set as well.
    package mutating func keep(_ set: borrowing BitSet, or other: borrowing BitSet, chunk: UInt32) {
        set.withChunk(chunk) { one in
            other.withChunk(chunk) { two in
                guard let one, let two else { return keep(one ?? two) }
                guard isDense else { return thin { Self.holds($0, one) || Self.holds($0, two) } }
                ChunkBits.keep(bits, one, or: two)
            }
        }
    }

    /// Takes out what is in a set.
    package mutating func drop(_ set: borrowing BitSet, chunk: UInt32) {
        set.withChunk(chunk) { other in
            guard let other else { return }
            guard isDense else { return thin { !Self.holds($0, other) } }
            ChunkBits.drop(bits, other)
        }
    }

    /// Takes out what stands before `start`.
    package mutating func drop(below start: UInt16) {
        guard start > 0 else { return }
        guard isDense else { return thin { $0 >= start } }
        for index in 0..<Int(start >> 6) { bits[index] = 0 }
        bits[Int(start >> 6)] &= ~0 << UInt64(start & 63)
    }

    /// Takes out `end` and what stands behind it.
    package mutating func drop(from end: UInt16) {
        guard isDense else { return thin { $0 < end } }
        bits[Int(end >> 6)] &= ~(~0 << UInt64(end & 63))
        for index in Int(end >> 6) + 1..<PostingChunk.words { bits[index] = 0 }
    }

    // MARK: Reading

    /// The titles from `start` on, ascending, until `body` says no.
    package func forEach(from start: UInt16, _ body: (UInt16) -> Bool) {
        guard isDense else {
            let all = UnsafeBufferPointer(start: low, count: length)
            for index in all.partition({ $0 >= start })..<length {
                guard body(low[index]) else { return }
            }
            return
        }
        var index = Int(start >> 6)
        var word = bits[index] & (~0 << UInt64(start & 63))
        while true {
            while word != 0 {
                guard body(UInt16(index * 64 + word.trailingZeroBitCount)) else { return }
                word &= word - 1
            }
            index += 1
            guard index < PostingChunk.words else { return }
            word = bits[index]
        }
    }

    // MARK: -

    private mutating func keep(_ other: UnsafePointer<UInt64>?) {
        guard let other else { return load(.none) }
        guard isDense else { return thin { Self.holds($0, other) } }
        ChunkBits.keep(bits, other)
    }

    @inline(__always)
    private static func holds(_ low: UInt16, _ bits: UnsafePointer<UInt64>) -> Bool {
        bits[Int(low >> 6)] & (1 << UInt64(low & 63)) != 0
    }

    private mutating func thin(by chunk: PostingChunk, keeping isKept: Bool) {
        switch chunk {
        case .none: if isKept { length = 0 }
        case .one(let only): thin { ($0 == only) == isKept }
        case .low(let all): thin(by: all, keeping: isKept)
        case .titles(let all): thin(by: all, keeping: isKept)
        case .bits(let words, _):
            thin { Self.holds($0, words) == isKept }
        }
    }

    /// By another list: step by step where they are of like length, by halving where this one is much shorter.
    @inline(__always)
    private mutating func thin<Low: FixedWidthInteger>(by all: UnsafeBufferPointer<Low>, keeping isKept: Bool) {
        var position = 0
        let isShort = all.count > length * 16
        thin { one in
            if isShort {
                let rest = UnsafeBufferPointer(rebasing: all[position...])
                position += rest.partition { UInt16(truncatingIfNeeded: $0) >= one }
            } else {
                while position < all.count, UInt16(truncatingIfNeeded: all[position]) < one { position += 1 }
            }
            return (position < all.count && UInt16(truncatingIfNeeded: all[position]) == one) == isKept
        }
    }

    @inline(__always)
    private mutating func thin(_ isKept: (UInt16) -> Bool) {
        var kept = 0
        for index in 0..<length {
            let one = low[index]
            low[kept] = one
            if isKept(one) { kept += 1 }
        }
        length = kept
    }
}
