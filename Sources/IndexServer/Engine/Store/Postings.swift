/// Ascending lists of titles, one for each word or exact key, made for lists that only ever grow at their end.
///
/// Titles are taken in chunks of 65,536. What a list has in the chunks that are behind it is sealed: 16 bits a title, or
/// a bit for each title of the chunk where they are many. The rest is its tail, 32 bits a title. So a dense word costs
/// a bit a title, a common one two bytes, and a word that occurs once no list at all.
package struct Postings: ~Copyable {
    /// A list: a title's number, or, with the high bit set, the number of a longer list.
    package typealias Reference = UInt32

    /// Where the titles of a list in one chunk stand.
    struct Sealed {
        let chunk: UInt32
        let count: Int
        let address: BlockPool.Address

        /// A chunk with so many titles has a bit for each that could be there.
        var isDense: Bool { count >= Postings.dense }
    }

    struct List {
        /// Two words for each sealed chunk: its number and one less than its count, and its address.
        var sealed = BlockPool.Block()
        var tail = BlockPool.Block()
        var count: UInt32 = 0
        var last: TitleID = 0
    }

    static let chunkBits: UInt32 = 16
    /// How many titles a chunk is.
    package static let chunkTitles = 1 << Int(chunkBits)
    /// From how many titles in a chunk on each has a bit.
    package static let dense = 4_096
    /// With fewer titles in a chunk a list keeps them in its tail: they would not pay for a place of their own.
    private static let worthSealing = 16

    private static let isList: UInt32 = 1 << 31
    private(set) var lists: [List] = []
    private(set) var pool = BlockPool()

    /// No lists.
    package init() {}

    /// The number of a longer list; nil for a list of one.
    static func list(_ reference: Reference) -> Int? {
        reference & isList == 0 ? nil : Int(reference & ~isList)
    }

    /// Adds a title that is not below the list's last; the same one twice counts once.
    package mutating func append(_ title: TitleID, to reference: inout Reference) {
        if let number = Self.list(reference) { return append(title, to: number) }
        guard reference != title else { return }
        lists.appendTightly(List())
        append(reference, to: lists.count - 1)
        append(title, to: lists.count - 1)
        reference = Self.isList | UInt32(lists.count - 1)
    }

    /// The length of a list.
    package func count(_ reference: Reference) -> Int {
        Self.list(reference).map { Int(lists[$0].count) } ?? 1
    }

    /// Has at hand the record of a list.
    func approach(_ reference: Reference) -> UInt32 {
        Self.list(reference).map { lists[$0].last } ?? 0
    }

    // MARK: Growth

    private mutating func append(_ title: TitleID, to number: Int) {
        var list = lists[number]
        guard list.count == 0 || list.last != title else { return }
        let chunk = title >> Self.chunkBits
        if !list.tail.isEmpty, list.last >> Self.chunkBits != chunk { sealIfWorthwhile(&list) }
        if !addToDense(title, chunk, of: list) { pool.append(title, to: &list.tail) }
        (list.count, list.last) = (list.count + 1, title)
        if isDense(list.tail, in: chunk) { seal(&list) }
        lists[number] = list
    }

    /// A chunk that has become dense takes its titles at once.
    private func addToDense(_ title: TitleID, _ chunk: UInt32, of list: List) -> Bool {
        guard list.tail.isEmpty, !list.sealed.isEmpty else { return false }
        let entry = pool.words(at: list.sealed.address) + Int(list.sealed.count) - 2
        let sealed = Sealed(entry)
        guard sealed.chunk == chunk else { return false }
        let low = Int(title) & (Self.chunkTitles - 1)
        pool.words(at: sealed.address)[low >> 5] |= 1 << UInt32(low & 31)
        entry[0] += 1
        return true
    }

    private func isDense(_ tail: BlockPool.Block, in chunk: UInt32) -> Bool {
        guard tail.count >= Self.dense else { return false }
        return pool.elements(of: tail)[Int(tail.count) - Self.dense] >> Self.chunkBits == chunk
    }

    private mutating func sealIfWorthwhile(_ list: inout List) {
        let tail = pool.elements(of: list.tail)
        let chunk = list.last >> Self.chunkBits
        let few = tail.count < Self.worthSealing || tail[tail.count - Self.worthSealing] >> Self.chunkBits != chunk
        if !few || tail.count >= Self.dense { seal(&list) }
    }

    /// Puts the whole tail into chunks.
    private mutating func seal(_ list: inout List) {
        var start = 0
        while start < Int(list.tail.count) {
            let tail = pool.elements(of: list.tail)
            let chunk = tail[start] >> Self.chunkBits
            let end = tail[start...].firstIndex { $0 >> Self.chunkBits != chunk } ?? tail.count
            let address = pool.reserve(end - start < Self.dense ? (end - start + 1) / 2 : Self.chunkTitles / 32)
            write(UnsafeBufferPointer(rebasing: tail[start..<end]), to: address)
            pool.append(chunk << Self.chunkBits | UInt32(end - start - 1), to: &list.sealed)
            pool.append(address, to: &list.sealed)
            start = end
        }
        pool.clear(&list.tail)
    }

    private func write(_ titles: UnsafeBufferPointer<TitleID>, to address: BlockPool.Address) {
        let words = pool.words(at: address)
        if titles.count < Self.dense {
            let low = UnsafeMutableRawPointer(words).assumingMemoryBound(to: UInt16.self)
            for index in titles.indices { low[index] = UInt16(truncatingIfNeeded: titles[index]) }
        } else {
            words.update(repeating: 0, count: Self.chunkTitles / 32)
            for title in titles {
                let low = Int(title) & (Self.chunkTitles - 1)
                words[low >> 5] |= 1 << UInt32(low & 31)
            }
        }
    }
}

extension Postings.Sealed {
    /// Reads an entry of a list's sealed chunks.
    init(_ entry: UnsafePointer<UInt32>) {
        chunk = entry[0] >> Postings.chunkBits
        count = Int(entry[0] & 0xFFFF) + 1
        address = entry[1]
    }

    init(_ entry: UnsafeMutablePointer<UInt32>) { self.init(UnsafePointer(entry)) }
}
