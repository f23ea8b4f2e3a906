/// The titles of one chunk that a search still has: few as a list, many as a bit for each title of the chunk.
///
/// SAFETY: both buffers have their full length from the beginning, belong to this value alone, and go with it.
struct ChunkSet: ~Copyable {
    private let low = UnsafeMutablePointer<UInt16>.allocate(capacity: Postings.dense)
    private let bits = UnsafeMutablePointer<UInt64>.allocate(capacity: PostingChunk.words)
    private var isDense = false
    /// Of the list.
    private var length = 0

    init() {}

    deinit {
        low.deallocate()
        bits.deallocate()
    }

    /// How many of them are not in `set`.
    func count(outside set: borrowing BitSet, chunk: UInt32) -> Int {
        let start = Int(chunk) * PostingChunk.words
        var count = 0
        if isDense {
            for index in 0..<PostingChunk.words {
                count += (bits[index] & ~set.word(at: start + index)).nonzeroBitCount
            }
        } else {
            for index in 0..<length {
                let one = low[index]
                count += Int(truncatingIfNeeded: ~(set.word(at: start + Int(one >> 6)) >> UInt64(one & 63)) & 1)
            }
        }
        return count
    }

    var isEmpty: Bool { !isDense && length == 0 }

    // MARK: Filling

    mutating func load(_ chunk: PostingChunk) {
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
    mutating func load(_ set: borrowing BitSet, chunk: UInt32) {
        isDense = true
        let start = Int(chunk) * PostingChunk.words
        for index in 0..<PostingChunk.words { bits[index] = set.word(at: start + index) }
    }

    // MARK: Thinning out

    mutating func keep(_ chunk: PostingChunk) {
        if isDense, case .bits(let words, _) = chunk {
            for index in 0..<PostingChunk.words { bits[index] &= words[index] }
        } else if isDense {
            let dense = bits
            load(chunk)
            thin { dense[Int($0 >> 6)] & (1 << UInt64($0 & 63)) != 0 }
        } else {
            thin(by: chunk, keeping: true)
        }
    }

    mutating func drop(_ chunk: PostingChunk) {
        guard isDense else { return thin(by: chunk, keeping: false) }
        if case .bits(let words, _) = chunk {
            for index in 0..<PostingChunk.words { bits[index] &= ~words[index] }
        } else {
            let dense = bits
            chunk.forEach { dense[Int($0 >> 6)] &= ~(1 << UInt64($0 & 63)) }
        }
    }

    mutating func keep(_ set: borrowing BitSet, chunk: UInt32) {
        let start = Int(chunk) * PostingChunk.words
        if isDense {
            for index in 0..<PostingChunk.words { bits[index] &= set.word(at: start + index) }
        } else {
            var kept = 0
            for index in 0..<length {
                let one = low[index]
                low[kept] = one
                kept += Int(truncatingIfNeeded: (set.word(at: start + Int(one >> 6)) >> UInt64(one & 63)) & 1)
            }
            length = kept
        }
    }

    mutating func drop(_ set: borrowing BitSet, chunk: UInt32) {
        let start = Int(chunk) * PostingChunk.words
        if isDense {
            for index in 0..<PostingChunk.words { bits[index] &= ~set.word(at: start + index) }
        } else {
            var kept = 0
            for index in 0..<length {
                let one = low[index]
                low[kept] = one
                kept += Int(truncatingIfNeeded: ~(set.word(at: start + Int(one >> 6)) >> UInt64(one & 63)) & 1)
            }
            length = kept
        }
    }

    mutating func drop(below start: UInt16) {
        guard start > 0 else { return }
        guard isDense else { return thin { $0 >= start } }
        for index in 0..<Int(start >> 6) { bits[index] = 0 }
        bits[Int(start >> 6)] &= ~0 << UInt64(start & 63)
    }

    // MARK: Reading

    /// The titles from `start` on, ascending, until `body` says no.
    func forEach(from start: UInt16, _ body: (UInt16) -> Bool) {
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

    private mutating func thin(by chunk: PostingChunk, keeping isKept: Bool) {
        switch chunk {
        case .none: if isKept { length = 0 }
        case .one(let only): thin { ($0 == only) == isKept }
        case .low(let all): thin(by: all, keeping: isKept)
        case .titles(let all): thin(by: all, keeping: isKept)
        case .bits(let words, _):
            thin { (words[Int($0 >> 6)] & (1 << UInt64($0 & 63)) != 0) == isKept }
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
