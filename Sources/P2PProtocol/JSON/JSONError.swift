/// What makes a document no JSON, and where.
package struct JSONError: Error, Equatable, Sendable {
    package let message: String
    /// Both count from 1; the column counts bytes.
    package let line: Int
    package let column: Int

    package init(_ message: String, line: Int, column: Int) {
        self.message = message
        self.line = line
        self.column = column
    }

    init(_ message: String, at offset: Int, in bytes: Bytes) {
        let before = bytes[..<min(offset, bytes.count)]
        let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        self.init(
            message, line: before.count { $0 == UInt8(ascii: "\n") } + 1, column: before.count - lineStart + 1)
    }
}

extension JSONError: CustomStringConvertible {
    package var description: String { "line \(line) column \(column): \(message)" }
}
