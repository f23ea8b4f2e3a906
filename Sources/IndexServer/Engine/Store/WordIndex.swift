internal import P2PProtocol

/// Every word once, with the titles whose name has it.
struct WordIndex: ~Copyable {
    private struct Word {
        let spelling: Spelling
        var postings: Postings.Reference
        /// The next older word that begins with the same two bytes.
        let next: UInt32
    }

    private var words: [Word] = []
    private var arena = Arena()
    private var table = IDTable()
    /// The newest word that begins with each two bytes; a word of one byte is followed by 0.
    private var beginnings = [UInt32](repeating: .none, count: 1 << 16)
    private(set) var postings = Postings()
    /// By title.
    private var pairs: [WordPairs] = []

    init() {}

    /// Puts titles behind every word of their folded names, step by step for all of them. Titles come in their order.
    mutating func add(_ new: borrowing NewTitles) {
        var entries = entries(of: new)
        entries.sortByShard()
        entries.forEachGroup { group in
            for index in group.indices { group[index].seen = table.approach(group[index].hash) }
            for index in group.indices {
                let word = table.candidate(group[index].hash)
                group[index].seen = word.map { words[Int($0)].postings } ?? 0
            }
            for index in group.indices { group[index].seen = postings.approach(group[index].seen) }
            for entry in group { add(entry.title, word: new.folded.span.extracting(entry.text), hash: entry.hash) }
        }
    }

    /// The words of the names; notes which follow one another.
    private mutating func entries(of new: borrowing NewTitles) -> [NewEntry] {
        var entries: [NewEntry] = []
        entries.reserveCapacity(12 * new.titles.count)
        for (title, range) in new.titles {
            var wordPairs = WordPairs()
            var last: UInt32?
            for word in Words(new.folded, in: range) {
                let entry = NewEntry(title, word, of: new.folded)
                entries.append(entry)
                if let last { wordPairs.insert(last, entry.hash) }
                last = entry.hash
            }
            pairs.appendTightly(wordPairs)
            let ending = ExactName(of: new.folded.span.extracting(range)).fileExtension
            guard !ending.isEmpty else { continue }
            // With its dot, which begins no word: `ext:` has lists of its own.
            let start = range.lowerBound + ending.lowerBound - 1
            entries.append(NewEntry(title, start..<start + 1 + ending.count, of: new.folded))
        }
        return entries
    }

    /// How many titles have been put behind their words.
    var titleCount: Int { pairs.count }

    func pairs(of title: TitleID) -> WordPairs { pairs[Int(title)] }

    /// The titles of one word.
    func find(_ word: Span<UInt8>) -> Postings.Reference? {
        number(of: word, Spelling(word), hash: IDTable.hash(word)).map { words[Int($0)].postings }
    }

    /// Has at hand what `candidate` reads first.
    func approach(_ hash: UInt32) -> UInt32 { table.approach(hash) }

    /// The word that is likely to have a hash; `find` knows.
    func candidate(_ hash: UInt32) -> UInt32? { table.candidate(hash) }

    /// The titles of a candidate if it is spelt so.
    func find(_ candidate: UInt32, _ spelling: Spelling) -> Postings.Reference? {
        let word = words[Int(candidate)]
        return spelling.isShort && word.spelling == spelling ? word.postings : nil
    }

    /// Goes on through the words with a beginning, past so many at most; gives the lists of those that have it.
    func walk(_ walk: inout PrefixWalk, past most: Int) -> [Postings.Reference] {
        var found: [Postings.Reference] = []
        var left = most
        while left > 0, !walk.isFinished {
            left -= 1
            guard walk.next != .none else {
                walk.next = beginnings[walk.heads.lowerBound]
                walk.heads = walk.heads.dropFirst()
                continue
            }
            let word = words[Int(walk.next)]
            walk.next = word.next
            if word.spelling.starts(with: walk.prefix.span, arena) { found.append(word.postings) }
        }
        return found
    }

    private mutating func add(_ title: TitleID, word: Span<UInt8>, hash: UInt32) {
        let spelling = Spelling(word)
        if let known = number(of: word, spelling, hash: hash) {
            return postings.append(title, to: &words[Int(known)].postings)
        }
        _ = addWord(word, spelling, hash: hash, for: title)
    }

    /// A new word with its first title; nil when the arena is full (4 GiB of long words), which leaves a name findable
    /// by its older words.
    private mutating func addWord(
        _ word: Span<UInt8>, _ spelling: Spelling, hash: UInt32, for title: TitleID
    ) -> UInt32? {
        guard word.count > 0, let spelling = spelling.isShort ? spelling : Spelling(word, in: &arena) else {
            return nil
        }
        let head = Int(word[0]) << 8 + (word.count > 1 ? Int(word[1]) : 0)
        let number = UInt32(words.count)
        words.appendTightly(Word(spelling: spelling, postings: title, next: beginnings[head]))
        beginnings[head] = number
        table.insert(hash, number)
        return number
    }

    private func number(of word: Span<UInt8>, _ spelling: Spelling, hash: UInt32) -> UInt32? {
        table.find(hash) {
            let known = words[Int($0)].spelling
            return spelling.isShort ? known == spelling : known.holds(word, arena)
        }
    }
}
