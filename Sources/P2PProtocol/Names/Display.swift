/// Makes text for people of bytes from anybody, in at most `width` columns of a terminal when one is given.
///
/// What is not printable is shown escaped: bytes that are no UTF-8 and ASCII controls as `\x1b`; other controls,
/// direction marks, invisible characters and line separators as `\u{202e}`. The text has one line. What is too wide
/// loses its middle, since both the beginning and the extension of a name tell.
package func display(_ bytes: some Collection<UInt8>, width: Int? = nil) -> String {
    let cells = Display.cells(of: Bytes(bytes))
    guard let width, cells.reduce(0, { $0 + $1.columns }) > width else {
        return cells.map(\.text).joined()
    }
    return Display.shortened(cells, to: width)
}

/// How text stands on a terminal.
package enum Display {
    /// The columns that text takes, once escaped: two for a wide character, none for a mark on the one before.
    package static func columns(of bytes: some Collection<UInt8>) -> Int {
        cells(of: Bytes(bytes)).reduce(0) { $0 + $1.columns }
    }

    package static func columns(of text: String) -> Int {
        columns(of: text.utf8)
    }

    /// Text of exactly `width` columns: shortened, or filled with spaces on the right. For tables.
    package static func padded(_ bytes: some Collection<UInt8>, to width: Int) -> String {
        let text = display(bytes, width: width)
        return text + String(repeating: " ", count: max(0, width - columns(of: text)))
    }

    /// The bytes cut into what takes a place of its own: characters with their marks, and bytes that are none.
    package static func characters(of bytes: Bytes) -> [Bytes] {
        var characters: [Bytes] = []
        var index = 0
        while index < bytes.count {
            let scalar = UTF8Scalar(in: bytes.span, at: index)
            let end = index + (scalar?.length ?? 1)
            if let scalar, UnicodeRanges.zeroWidth.contains(scalar.value), let last = characters.indices.last {
                characters[last] += bytes[index..<end]
            } else {
                characters.append(Bytes(bytes[index..<end]))
            }
            index = end
        }
        return characters
    }

    /// A character with its marks, or an escape: what is shown whole or not at all.
    fileprivate struct Cell {
        var text: String
        let columns: Int
    }

    fileprivate static func cells(of bytes: Bytes) -> [Cell] {
        var cells: [Cell] = []
        cells.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if let scalar = UTF8Scalar(in: bytes.span, at: index) {
                append(scalar.value, to: &cells)
                index += scalar.length
            } else {
                cells.append(escape(byte: bytes[index]))
                index += 1
            }
        }
        return cells
    }

    private static func append(_ value: UInt32, to cells: inout [Cell]) {
        guard let scalar = Unicode.Scalar(value) else { return }
        if (0x20..<0x7F).contains(value) {
            cells.append(Cell(text: String(scalar), columns: 1))
        } else if UnicodeRanges.unprintable.contains(value) {
            cells.append(escape(value))
        } else if !UnicodeRanges.zeroWidth.contains(value) {
            cells.append(Cell(text: String(scalar), columns: UnicodeRanges.wide.contains(value) ? 2 : 1))
        } else if let last = cells.indices.last {
            cells[last].text.unicodeScalars.append(scalar)
        } else {
            // A mark at the beginning would stand on what we print before the text: a space carries it.
            cells.append(Cell(text: " " + String(scalar), columns: 1))
        }
    }

    private static func escape(_ value: UInt32) -> Cell {
        guard value >= 0x80 else { return escape(byte: UInt8(truncatingIfNeeded: value)) }
        let text = "\\u{\(String(value, radix: 16))}"
        return Cell(text: text, columns: text.utf8.count)
    }

    private static func escape(byte: UInt8) -> Cell {
        Cell(text: "\\x" + Hex.string([byte]), columns: 4)
    }

    /// The beginning and the end of the cells around an ellipsis, in at most `width` columns.
    fileprivate static func shortened(_ cells: [Cell], to width: Int) -> String {
        guard width > 0 else { return "" }
        let room = width - 1
        let tail = fitting(cells.reversed(), in: room / 2)
        let used = tail.reduce(0) { $0 + $1.columns }
        let head = fitting(cells, in: room - used)
        return head.map(\.text).joined() + "…" + tail.reversed().map(\.text).joined()
    }

    private static func fitting(_ cells: some Sequence<Cell>, in room: Int) -> [Cell] {
        var left = room
        return Array(
            cells.prefix { cell in
                left -= cell.columns
                return left >= 0
            })
    }
}
