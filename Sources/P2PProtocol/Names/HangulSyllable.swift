/// A Hangul syllable, which Unicode takes apart by arithmetic instead of by table.
struct HangulSyllable {
    private let index: UInt32

    init?(_ scalar: UInt32) {
        guard (0xAC00...0xD7A3).contains(scalar) else { return nil }
        index = scalar - 0xAC00
    }

    /// Appends the letters it is made of: a lead, a vowel and perhaps a tail.
    func appendLetters(to output: inout Bytes) {
        output.append(scalar: 0x1100 + index / 588)
        output.append(scalar: 0x1161 + index % 588 / 28)
        let tail = index % 28
        if tail != 0 { output.append(scalar: 0x11A7 + tail) }
    }
}
