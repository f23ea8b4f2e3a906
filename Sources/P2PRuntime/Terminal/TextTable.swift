package import P2PProtocol

/// Rows in columns, for a terminal or a pipe. Cells are anybody's bytes and are shown escaped.
package struct TextTable: Sendable {
    /// A column: its heading, and how its cells stand.
    package struct Column: Sendable {
        /// What stands above it.
        package let heading: Bytes
        package let alignsRight: Bool
        /// Whether it gives way when the table is too wide. One column should.
        package let isElastic: Bool

        /// A column whose cells stand on the left, unless said otherwise.
        package init(_ heading: StaticString, alignsRight: Bool = false, isElastic: Bool = false) {
            self.heading = Bytes(ascii: heading)
            self.alignsRight = alignsRight
            self.isElastic = isElastic
        }
    }

    private let columns: [Column]
    private var rows: [[Bytes]] = []

    /// A table without rows.
    package init(_ columns: [Column]) { self.columns = columns }

    /// Adds a row; cells that are missing are empty.
    package mutating func add(_ cells: [Bytes]) {
        rows.append(columns.indices.map { $0 < cells.count ? cells[$0] : [] })
    }

    /// The heading and the rows, in at most `width` columns of the terminal where the elastic column allows it; a pipe
    /// has no width.
    package func lines(width: Int?) -> [String] {
        let widths = fitted(to: width)
        return ([columns.map(\.heading)] + rows).map { line($0, widths) }
    }

    private func fitted(to width: Int?) -> [Int] {
        var widths = columns.indices.map { index in
            rows.map { Display.columns(of: $0[index]) }.reduce(Display.columns(of: columns[index].heading), max)
        }
        guard let width, let elastic = columns.firstIndex(where: \.isElastic) else { return widths }
        let excess = widths.reduce(0, +) + Self.gap.utf8.count * (columns.count - 1) - width
        widths[elastic] = max(min(Self.leastElastic, widths[elastic]), widths[elastic] - max(0, excess))
        return widths
    }

    private func line(_ cells: [Bytes], _ widths: [Int]) -> String {
        let texts = columns.indices.map { index in
            let isLast = index == columns.count - 1
            if columns[index].alignsRight {
                let text = display(cells[index], width: widths[index])
                return String(repeating: " ", count: max(0, widths[index] - Display.columns(of: text))) + text
            }
            // Nothing follows the last one: no blanks at the line's end.
            return isLast
                ? display(cells[index], width: widths[index]) : Display.padded(cells[index], to: widths[index])
        }
        return texts.joined(separator: Self.gap)
    }

    private static let gap = "  "
    private static let leastElastic = 12
}
