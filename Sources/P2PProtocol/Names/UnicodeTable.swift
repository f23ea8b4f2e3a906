/// What folding and word splitting must know of each scalar, in one look-up: the Unicode data unpacked into pages of
/// 256 scalars, of which the many equal ones are shared. About 250 KB, made on first use.
final class UnicodeTable: Sendable {
    static let shared = UnicodeTable()

    private static let pageSize = 256
    private let pageOf: [UInt16]
    private let entries: [ScalarEntry]
    /// All foldings one after the other, in UTF-8.
    let foldings: Bytes

    /// The entry of a scalar; the number must be a scalar's.
    func entry(for scalar: UInt32) -> ScalarEntry {
        let page = Int(pageOf[Int(scalar / 256)])
        return entries[page * Self.pageSize + Int(scalar % 256)]
    }

    private init() {
        var builder = UnicodeTableBuilder()
        builder.addIdeographs()
        builder.addSeparators()
        builder.addCombiningClasses()
        builder.addDropped()
        builder.addFoldings()
        pageOf = builder.pageOf
        entries = builder.entries
        foldings = builder.foldings
    }
}

/// Pages under construction. Every scalar begins as a word character that folds to itself, so that letters newer than
/// the data are still found.
private struct UnicodeTableBuilder {
    private static let pageSize = 256
    private static let lettersPage: UInt16 = 0
    private static let ideographsPage: UInt16 = 1

    var pageOf = [UInt16](repeating: lettersPage, count: 0x11_0000 / pageSize)
    var entries =
        [ScalarEntry](repeating: ScalarEntry(wordClass: .letter), count: pageSize)
        + [ScalarEntry](repeating: ScalarEntry(wordClass: .ideograph), count: pageSize)
    /// Begins with a byte that no folding uses: offset 0 means that a scalar folds to itself.
    var foldings: Bytes = [0]

    /// Han only: kana and Hangul are written as words.
    mutating func addIdeographs() {
        let planes = 0x2_0000 / Self.pageSize..<0x4_0000 / Self.pageSize
        for page in planes { pageOf[page] = Self.ideographsPage }
        let blocks: [ClosedRange<UInt32>] = [
            0x3005...0x3005, 0x3007...0x3007, 0x3021...0x3029, 0x3038...0x303B, 0x3400...0x4DBF, 0x4E00...0x9FFF,
            0xF900...0xFAFF,
        ]
        for block in blocks { update(block) { $0.wordClass = .ideograph } }
    }

    mutating func addSeparators() {
        for range in UnicodeRanges.parse(UnicodeData.separators) { update(range) { $0.wordClass = .separator } }
    }

    mutating func addCombiningClasses() {
        for line in UnicodeLines(UnicodeData.combiningClasses) {
            guard let combiningClass = Decimal.parse(line.head, in: 1...254) else { continue }
            for range in UnicodeRanges.parse(line.words) {
                update(range) { $0.combiningClass = UInt8(combiningClass) }
            }
        }
    }

    mutating func addDropped() {
        for range in UnicodeRanges.parse(UnicodeData.dropped) { update(range) { $0.drop() } }
    }

    mutating func addFoldings() {
        for line in UnicodeLines(UnicodeData.foldings) {
            guard var scalar = UnicodeRanges.hexadecimal(line.head) else { continue }
            for word in line.words {
                if word != [UInt8(ascii: "=")] { addFolding(word, of: scalar) }
                scalar += 1
            }
        }
    }

    private mutating func addFolding(_ word: ArraySlice<UInt8>, of scalar: UInt32) {
        let offset = foldings.count
        var hasMarks = false
        for part in word.split(separator: UInt8(ascii: "+")) {
            guard let target = UnicodeRanges.hexadecimal(part) else { continue }
            foldings.append(scalar: target)
            hasMarks = hasMarks || entry(for: target).combiningClass != 0
        }
        let length = foldings.count - offset
        update(scalar...scalar) { $0.fold(offset: offset, length: length, hasMarks: hasMarks) }
    }

    private func entry(for scalar: UInt32) -> ScalarEntry {
        entries[Int(pageOf[Int(scalar / 256)]) * Self.pageSize + Int(scalar % 256)]
    }

    /// Changes entries; a page that others share is copied first.
    private mutating func update(_ range: ClosedRange<UInt32>, _ change: (inout ScalarEntry) -> Void) {
        for scalar in range {
            let page = Int(scalar / 256)
            if pageOf[page] <= Self.ideographsPage {
                let shared = Int(pageOf[page]) * Self.pageSize
                pageOf[page] = UInt16(entries.count / Self.pageSize)
                entries += Array(entries[shared..<shared + Self.pageSize])
            }
            change(&entries[Int(pageOf[page]) * Self.pageSize + Int(scalar % 256)])
        }
    }
}
