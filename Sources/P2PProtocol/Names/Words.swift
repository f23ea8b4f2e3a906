/// The words of a folded byte string, as ranges into it: runs of letters, digits and kept marks; an ideograph is a
/// word of its own. Bytes that are no UTF-8 count as letters, so that names which hold them can be found by them.
package struct Words: Sequence, IteratorProtocol {
    private let folded: Bytes
    private let table = UnicodeTable.shared
    private var position: Int
    private let end: Int

    package init(_ folded: Bytes) {
        self.init(folded, in: 0..<folded.count)
    }

    /// The words of a part; what lies outside of the bytes is left out.
    package init(_ folded: Bytes, in range: Range<Int>) {
        let inside = range.clamped(to: 0..<folded.count)
        self.folded = folded
        position = inside.lowerBound
        end = inside.upperBound
    }

    package mutating func next() -> Range<Int>? {
        var start: Int?
        while position < end {
            let (wordClass, length) = character()
            switch (wordClass, start) {
            case (.separator, nil):
                position += length
            case (.letter, _):
                start = start ?? position
                position += length
            case (.ideograph, nil):
                position += length
                return position - length..<position
            case (.separator, let begin?), (.ideograph, let begin?):
                return begin..<position
            }
        }
        return start.map { $0..<position }
    }

    private func character() -> (ScalarEntry.WordClass, length: Int) {
        let byte = folded[position]
        if byte < 0x80 { return (Self.isLetter(byte) ? .letter : .separator, 1) }
        guard let scalar = UTF8Scalar(in: folded.span.extracting(0..<end), at: position) else { return (.letter, 1) }
        return (table.entry(for: scalar.value).wordClass, scalar.length)
    }

    /// What the table says of ASCII, without asking it: most names are nothing else.
    static func isLetter(_ ascii: UInt8) -> Bool {
        ascii &- UInt8(ascii: "0") < 10 || (ascii | 0x20) &- UInt8(ascii: "a") < 26
    }
}
