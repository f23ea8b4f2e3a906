/// What a list has in one chunk, in one of the forms in which it is kept. Valid while the postings are borrowed.
package enum PostingChunk {
    case none
    case one(UInt16)
    case low(UnsafeBufferPointer<UInt16>)
    case titles(UnsafeBufferPointer<TitleID>)
    /// A bit for each title of the chunk, 1,024 words of them, and how many are set.
    case bits(UnsafePointer<UInt64>, count: Int)

    static let words = Postings.chunkTitles / 64

    /// How many titles it has.
    package var count: Int {
        switch self {
        case .none: 0
        case .one: 1
        case .low(let titles): titles.count
        case .titles(let titles): titles.count
        case .bits(_, let count): count
        }
    }

    /// Whether it has a title, given by its lower 16 bits.
    package func contains(_ low: UInt16) -> Bool {
        switch self {
        case .none: return false
        case .one(let only): return only == low
        case .low(let all):
            let index = all.partition { $0 >= low }
            return index < all.count && all[index] == low
        case .titles(let all):
            let index = all.partition { UInt16(truncatingIfNeeded: $0) >= low }
            return index < all.count && UInt16(truncatingIfNeeded: all[index]) == low
        case .bits(let words, _): return words[Int(low >> 6)] & (1 << UInt64(low & 63)) != 0
        }
    }

    /// The lower 16 bits of each title, ascending.
    package func forEach(_ body: (UInt16) -> Void) {
        switch self {
        case .none: return
        case .one(let only): body(only)
        case .low(let all): for low in all { body(low) }
        case .titles(let all): for title in all { body(UInt16(truncatingIfNeeded: title)) }
        case .bits(let words, _):
            for index in 0..<Self.words {
                var word = words[index]
                while word != 0 {
                    body(UInt16(index * 64 + word.trailingZeroBitCount))
                    word &= word - 1
                }
            }
        }
    }
}

extension UnsafeBufferPointer {
    /// The first index whose element is `behind`, in a buffer where all such stand at the end.
    func partition(_ behind: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if behind(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

extension Postings {
    /// What a list has in a chunk.
    package func chunk(_ chunk: UInt32, of reference: Reference) -> PostingChunk {
        guard let number = Self.list(reference) else {
            return reference >> Self.chunkBits == chunk ? .one(UInt16(truncatingIfNeeded: reference)) : .none
        }
        let list = lists[number]
        let index = sealedIndex(from: chunk, of: list)
        if index < Int(list.sealed.count), sealed(index, of: list).chunk == chunk {
            return view(sealed(index, of: list))
        }
        let tail = pool.elements(of: list.tail)
        let start = tail.partition { $0 >> Self.chunkBits >= chunk }
        guard start < tail.count, tail[start] >> Self.chunkBits == chunk else { return .none }
        let end = tail.partition { $0 >> Self.chunkBits > chunk }
        return .titles(UnsafeBufferPointer(rebasing: tail[start..<end]))
    }

    /// The first chunk from `chunk` on in which a list has anything.
    package func nextChunk(from chunk: UInt32, of reference: Reference) -> UInt32? {
        guard let number = Self.list(reference) else {
            return reference >> Self.chunkBits >= chunk ? reference >> Self.chunkBits : nil
        }
        let list = lists[number]
        guard list.last >> Self.chunkBits >= chunk else { return nil }
        let index = sealedIndex(from: chunk, of: list)
        if index < Int(list.sealed.count) { return sealed(index, of: list).chunk }
        let tail = pool.elements(of: list.tail)
        let start = tail.partition { $0 >> Self.chunkBits >= chunk }
        return start < tail.count ? tail[start] >> Self.chunkBits : nil
    }

    /// Whether a list has a title.
    package func contains(_ title: TitleID, in reference: Reference) -> Bool {
        guard Self.list(reference) != nil else { return reference == title }
        return chunk(title >> Self.chunkBits, of: reference).contains(UInt16(truncatingIfNeeded: title))
    }

    /// The lowest title of a list.
    package func first(_ reference: Reference) -> TitleID {
        guard let number = Self.list(reference) else { return reference }
        let list = lists[number]
        guard !list.sealed.isEmpty else { return pool.elements(of: list.tail)[0] }
        let first = sealed(0, of: list)
        var low: UInt16 = 0
        switch view(first) {
        case .low(let all): low = all[0]
        case .bits(let words, _):
            let index = (0..<PostingChunk.words).first { words[$0] != 0 } ?? 0
            low = UInt16(index * 64 + words[index].trailingZeroBitCount)
        default: break
        }
        return first.chunk << Self.chunkBits | UInt32(low)
    }

    /// The whole list, ascending.
    package func forEach(_ reference: Reference, _ body: (TitleID) -> Void) {
        forEachChunk(reference) { number, chunk in
            chunk.forEach { body(number << Self.chunkBits | UInt32($0)) }
        }
    }

    /// What a list has in each chunk, ascending.
    func forEachChunk(_ reference: Reference, _ body: (_ number: UInt32, PostingChunk) -> Void) {
        guard let number = Self.list(reference) else {
            return body(reference >> Self.chunkBits, .one(UInt16(truncatingIfNeeded: reference)))
        }
        let list = lists[number]
        for index in stride(from: 0, to: Int(list.sealed.count), by: 2) {
            let sealed = sealed(index, of: list)
            body(sealed.chunk, view(sealed))
        }
        var rest = pool.elements(of: list.tail)[...]
        while let first = rest.first {
            let end = rest.firstIndex { $0 >> Self.chunkBits != first >> Self.chunkBits } ?? rest.endIndex
            body(first >> Self.chunkBits, .titles(UnsafeBufferPointer(rebasing: rest[..<end])))
            rest = rest[end...]
        }
    }

    private func sealed(_ index: Int, of list: List) -> Sealed {
        Sealed(pool.words(at: list.sealed.address) + index)
    }

    /// The index of the first sealed chunk from `chunk` on; they take two words each.
    private func sealedIndex(from chunk: UInt32, of list: List) -> Int {
        guard !list.sealed.isEmpty else { return 0 }
        let entries = pool.words(at: list.sealed.address)
        var low = 0
        var high = Int(list.sealed.count) / 2
        while low < high {
            let middle = (low + high) / 2
            if entries[middle * 2] >> Self.chunkBits < chunk { low = middle + 1 } else { high = middle }
        }
        return low * 2
    }

    private func view(_ sealed: Sealed) -> PostingChunk {
        let words = UnsafeRawPointer(pool.words(at: sealed.address))
        if sealed.isDense { return .bits(words.assumingMemoryBound(to: UInt64.self), count: sealed.count) }
        return .low(UnsafeBufferPointer(start: words.assumingMemoryBound(to: UInt16.self), count: sealed.count))
    }
}
