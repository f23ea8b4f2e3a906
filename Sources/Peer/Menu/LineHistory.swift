package import P2PProtocol
internal import P2PRuntime

/// The lines that were typed at the menu, oldest first, kept in a file of the peer's state.
package struct LineHistory: Sendable {
    /// How many are kept.
    package static let capacity = 1_000
    /// A file that is larger is not ours.
    private static let longestFile = 16 << 20

    private let file: Bytes
    /// What was typed.
    package private(set) var lines: [Bytes]

    /// What is in that file, which need not be there.
    package init(file: Bytes) {
        self.file = file
        let text = AtomicFile.load(file, atMost: Self.longestFile) ?? []
        lines = text.split(separator: UInt8(ascii: "\n")).suffix(Self.capacity).map { Bytes($0) }
    }

    /// Remembers a line, unless it is the last one again or begins with a blank.
    package mutating func add(_ line: Bytes) {
        guard let first = line.first, first != UInt8(ascii: " "), line != lines.last else { return }
        lines.append(line)
        if lines.count > Self.capacity { lines.removeFirst() }
    }

    /// Blocks on the disk. A history that cannot be kept is no trouble to anybody.
    package func save() {
        try? AtomicFile.save(Bytes(lines.joined(separator: [UInt8(ascii: "\n")])), to: file)
    }
}
