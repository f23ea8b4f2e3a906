/// What the table says of one scalar, packed into a word:
///
///     31      24 23  22 21        16 15              0
///     [combining][class][fold length][   fold offset ]
struct ScalarEntry: Equatable, Sendable {
    /// What a scalar is to the word scanner.
    enum WordClass: UInt32 {
        case separator
        case letter
        case ideograph
    }

    private var bits: UInt32

    /// A scalar that folds to itself.
    init(wordClass: WordClass) {
        bits = wordClass.rawValue << 22
    }

    /// The canonical combining class; of a scalar that folds to something else, not zero when that holds marks.
    var combiningClass: UInt8 {
        get { UInt8(truncatingIfNeeded: bits >> 24) }
        set { bits = bits & 0x00FF_FFFF | UInt32(newValue) << 24 }
    }

    var wordClass: WordClass {
        get { WordClass(rawValue: bits >> 22 & 3) ?? .letter }
        set { bits = bits & ~(3 << 22) | newValue.rawValue << 22 }
    }

    var isItself: Bool { bits & 0x3F_FFFF == 0 }
    var isDropped: Bool { bits & 0x3F_0000 == 0 && bits & 0xFFFF != 0 }

    /// Where the folding stands among all foldings.
    var folding: Range<Int> {
        let offset = Int(bits & 0xFFFF)
        return offset..<offset + Int(bits >> 16 & 0x3F)
    }

    mutating func drop() {
        bits = bits & 0xFFC0_0000 | 1
    }

    mutating func fold(offset: Int, length: Int, hasMarks: Bool) {
        assert(offset <= 0xFFFF && length <= 0x3F, "the generated data outgrew the packing")
        bits = bits & 0x00C0_0000 | UInt32(truncatingIfNeeded: length) << 16 | UInt32(truncatingIfNeeded: offset)
        if hasMarks { combiningClass = 0xFF }
    }
}
