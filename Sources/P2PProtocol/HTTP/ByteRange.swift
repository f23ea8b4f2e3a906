/// A part of a file: from its first byte to its last, both included. Never empty.
package struct ByteRange: Hashable, Sendable {
    package let first: Int
    package let last: Int

    /// Nil unless 0 ≤ first ≤ last, and for a range too long to count.
    package init?(_ first: Int, _ last: Int) {
        guard first >= 0, first <= last, last < Int.max else { return nil }
        self.first = first
        self.last = last
    }

    package var count: Int { last - first + 1 }

    /// `first-last`, as Range and Content-Range write it.
    package var bytes: Bytes {
        var text = Bytes()
        text.append(decimal: first)
        text.append(UInt8(ascii: "-"))
        text.append(decimal: last)
        return text
    }
}
