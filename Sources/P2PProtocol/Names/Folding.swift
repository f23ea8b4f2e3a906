/// The search key of a byte string: the same for every case, accent and normal form of one text.
///
/// Compatibility forms are taken apart, accents and invisible characters dropped, case folded, and letters such as ø
/// written plainly; marks that make another letter (of Indic, Hebrew, Arabic or Japanese script) stay, in canonical
/// order. Bytes that are no UTF-8 stay as they are, so that such names differ and can be found.
/// Folding twice changes nothing. The key is at most eleven times as long, made in linear time, and holds a slash
/// only where the text does.
package enum Folding {
    package static func fold(_ bytes: some Collection<UInt8>) -> Bytes {
        let input = Bytes(bytes)
        var output = Bytes()
        output.reserveCapacity(input.count)
        fold(input.span, into: &output)
        return output
    }

    /// Appends the key to a buffer that the caller uses again and again.
    package static func fold(_ bytes: Span<UInt8>, into output: inout Bytes) {
        let table = UnicodeTable.shared
        var marks = MarkRun()
        var follows = Predecessor.text
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte < 0x80 {
                marks.close(in: &output, table)
                index = appendASCII(bytes, from: index, to: &output)
                follows = .text
            } else if let scalar = UTF8Scalar(in: bytes, at: index) {
                append(scalar.value, to: &output, table, &marks, &follows)
                index += scalar.length
            } else {
                marks.close(in: &output, table)
                output.append(byte)
                follows = .rawByte
                index += 1
            }
        }
        marks.close(in: &output, table)
    }

    /// Whether a name is ASCII and this is its key, without making the key.
    package static func isASCII(_ bytes: Span<UInt8>, foldedTo key: Span<UInt8>) -> Bool {
        guard bytes.count == key.count else { return false }
        for index in 0..<key.count where bytes[index] >= 0x80 || lowercased(bytes[index]) != key[index] { return false }
        return true
    }

    /// Whether a name is ASCII.
    package static func isASCII(_ bytes: Span<UInt8>) -> Bool {
        bytes.withUnsafeBufferPointer { endOfASCII(UnsafeRawBufferPointer($0), from: 0) == $0.count }
    }

    /// What was appended last. After a byte that is no UTF-8 nothing is dropped: two such bytes that came together
    /// could become a letter.
    private enum Predecessor {
        case text
        case rawByte
    }

    private static func append(
        _ scalar: UInt32, to output: inout Bytes, _ table: UnicodeTable, _ marks: inout MarkRun,
        _ follows: inout Predecessor
    ) {
        let entry = table.entry(for: scalar)
        if entry.isDropped, follows == .text { return }
        follows = .text
        if entry.isItself || entry.isDropped {
            marks.note(entry.combiningClass, in: &output, table)
            appendItself(scalar, to: &output, table, &marks)
        } else if entry.combiningClass == 0 {
            marks.close(in: &output, table)
            for index in entry.folding { output.append(table.foldings[index]) }
        } else {
            appendMarked(entry.folding, to: &output, table, &marks)
        }
    }

    private static func appendItself(
        _ scalar: UInt32, to output: inout Bytes, _ table: UnicodeTable, _ marks: inout MarkRun
    ) {
        if let syllable = HangulSyllable(scalar) {
            syllable.appendLetters(to: &output)
        } else {
            output.append(scalar: scalar)
        }
    }

    /// A folding with marks, which take part in the order of the marks around them.
    private static func appendMarked(
        _ folding: Range<Int>, to output: inout Bytes, _ table: UnicodeTable, _ marks: inout MarkRun
    ) {
        let foldings = table.foldings
        var index = folding.lowerBound
        while index < folding.upperBound, let scalar = UTF8Scalar(in: foldings.span, at: index) {
            marks.note(table.entry(for: scalar.value).combiningClass, in: &output, table)
            output.append(scalar: scalar.value)
            index += scalar.length
        }
    }

    /// Appends the ASCII that begins at `start` and returns where it ends: most names are nothing else.
    private static func appendASCII(_ bytes: Span<UInt8>, from start: Int, to output: inout Bytes) -> Int {
        let end = bytes.withUnsafeBufferPointer { endOfASCII(UnsafeRawBufferPointer($0), from: start) }
        let first = output.count
        bytes.extracting(start..<end).withUnsafeBufferPointer { output.append(contentsOf: $0) }
        var appended = output.mutableSpan
        for index in first..<appended.count { appended[index] = lowercased(appended[index]) }
        return end
    }

    /// Eight bytes at a time while they last.
    private static func endOfASCII(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        var end = start
        while end + 8 <= bytes.count,
            bytes.loadUnaligned(fromByteOffset: end, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
        {
            end += 8
        }
        while end < bytes.count, bytes[end] < 0x80 { end += 1 }
        return end
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
    }
}

/// The marks at the end of the output that are not yet known to be in canonical order.
private struct MarkRun {
    private var start: Int?
    private var last: UInt8 = 0
    private var isOrdered = true

    /// Takes note of a scalar that is about to be appended.
    mutating func note(_ combiningClass: UInt8, in output: inout Bytes, _ table: UnicodeTable) {
        guard combiningClass != 0 else { return close(in: &output, table) }
        if start == nil { start = output.count }
        if combiningClass < last { isOrdered = false }
        last = combiningClass
    }

    /// Puts the marks in order: something else follows.
    mutating func close(in output: inout Bytes, _ table: UnicodeTable) {
        guard let start else { return }
        if !isOrdered { Self.order(from: start, in: &output, table) }
        self = MarkRun()
    }

    private static func order(from start: Int, in output: inout Bytes, _ table: UnicodeTable) {
        var marks: [UInt64] = []
        var index = start
        while index < output.count, let scalar = UTF8Scalar(in: output.span, at: index) {
            // Class, place, scalar: canonical order keeps marks of one class as they stood.
            let combiningClass = UInt64(table.entry(for: scalar.value).combiningClass)
            marks.append(combiningClass << 56 | UInt64(marks.count) << 24 | UInt64(scalar.value))
            index += scalar.length
        }
        // An insertion sort would be quadratic in what a stranger sends.
        marks.sort()
        output.removeSubrange(start...)
        for mark in marks { output.append(scalar: UInt32(truncatingIfNeeded: mark & 0x1F_FFFF)) }
    }
}
