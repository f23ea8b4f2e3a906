internal import P2PProtocol

/// Every word once, with the titles whose name has it.
struct WordIndex {
    private struct Word {
        let offset: UInt32
        let length: UInt32
        var postings: Postings.Reference
    }

    private var words: [Word] = []
    private var arena = Arena()
    private var table = IDTable()
    private(set) var postings = Postings()

    /// Puts a title behind every word of its folded name.
    mutating func add(_ title: TitleID, folded: Bytes) {
        for range in Words(folded) {
            add(title, word: folded.span.extracting(range))
        }
        let ending = ExactName(of: folded).fileExtension
        // With its dot, which begins no word: `ext:` has lists of its own.
        if !ending.isEmpty { add(title, word: folded.span.extracting(ending.lowerBound - 1..<ending.upperBound)) }
    }

    /// The titles of one word.
    func find(_ word: Span<UInt8>) -> Postings.Reference? {
        number(of: word, hash: IDTable.hash(word)).map { words[Int($0)].postings }
    }

    /// The titles of every word that begins with `prefix`, word by word.
    func forEach(prefix: Span<UInt8>, _ body: (PostingRun) -> Void) {
        for word in words where Int(word.length) >= prefix.count {
            guard arena.holds(prefix, at: word.offset, length: prefix.count) else { continue }
            body(postings.run(word.postings))
        }
    }

    /// The index of the titles that are left, under their new numbers.
    func compacted(_ numbers: Renumbering) -> WordIndex {
        var index = WordIndex()
        for word in words {
            arena.withBytes(at: word.offset, length: Int(word.length)) { bytes in
                postings.run(word.postings).forEach { title in
                    if let new = numbers[title] { index.add(new, word: bytes) }
                }
            }
        }
        return index
    }

    private mutating func add(_ title: TitleID, word: Span<UInt8>) {
        let hash = IDTable.hash(word)
        if let known = number(of: word, hash: hash) {
            return postings.append(title, to: &words[Int(known)].postings)
        }
        // A full arena (4 GiB of distinct words) leaves a name findable by its older words.
        guard let offset = arena.append(word) else { return }
        words.appendTightly(Word(offset: offset, length: UInt32(word.count), postings: title))
        table.insert(hash, UInt32(words.count - 1))
    }

    private func number(of word: Span<UInt8>, hash: UInt32) -> UInt32? {
        table.find(hash) {
            let known = words[Int($0)]
            return arena.holds(word, at: known.offset, length: Int(known.length))
        }
    }
}
