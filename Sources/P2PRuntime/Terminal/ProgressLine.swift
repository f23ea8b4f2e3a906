package import P2PProtocol

/// How far some long work is, as one line that never wraps.
package struct ProgressLine: Sendable {
    /// What is worked on; anybody's bytes.
    package var label: Bytes
    /// Bytes.
    package var done: Int
    /// Nil when nobody knows.
    package var total: Int?
    /// Nil when it is not known yet.
    package var bytesPerSecond: Int?
    package var remaining: Duration?

    /// Numbers below zero count as zero.
    package init(label: Bytes, done: Int, total: Int?, bytesPerSecond: Int? = nil, remaining: Duration? = nil) {
        self.label = label
        self.done = max(0, done)
        self.total = total.map { max(0, $0) }
        self.bytesPerSecond = bytesPerSecond
        self.remaining = remaining
    }

    /// The line, in at most `width` columns. The facts keep their columns while they change, so that nothing jitters;
    /// what does not fit goes in this order: the bar, the sizes, the time left, the rate.
    package func text(width: Int = 80) -> String {
        let facts = [percent, sizes, rate, timeLeft]
        for kept in [[0, 1, 2, 3], [0, 2, 3], [0, 2], [0]] {
            let right = kept.map { facts[$0] }.filter { !$0.isEmpty }.joined(separator: "  ")
            let room = width - right.utf8.count - 2
            guard room >= Self.leastLabel else { continue }
            return right.isEmpty ? display(label, width: width) : left(room) + "  " + right
        }
        return display(label, width: width)
    }

    private static let leastLabel = 12
    private static let goodLabel = 24
    private static let leastBar = 10
    private static let mostBar = 30

    /// The label, and the bar where both have room.
    private func left(_ room: Int) -> String {
        // By the room alone, so that the bars of several lines stand below each other.
        let bar = min(max(room - Self.goodLabel - 2, Self.leastBar), Self.mostBar)
        guard total != nil, room - bar - 2 >= Self.leastLabel else { return Display.padded(label, to: room) }
        return Display.padded(label, to: room - bar - 2) + "  " + self.bar(bar)
    }

    private func bar(_ width: Int) -> String {
        let inner = width - 2
        let filled = Int(fraction * Double(inner))
        return "[" + String(repeating: "#", count: filled) + String(repeating: "-", count: inner - filled) + "]"
    }

    /// From 0 to 1. Nothing to do is done.
    private var fraction: Double {
        guard let total, total > 0 else { return 1 }
        return min(1, Double(done) / Double(total))
    }

    private var percent: String { total == nil ? "" : Self.right("\(Int(fraction * 100))%", 4) }

    private var sizes: String {
        let count = Self.right(Amount.bytes(done), 8)
        return total.map { "\(count) of \(Self.right(Amount.bytes($0), 8))" } ?? count
    }

    private var rate: String { bytesPerSecond.map { Self.right(Amount.rate($0), 10) } ?? "" }

    private var timeLeft: String { remaining.map { Self.right(Amount.time($0), 11) } ?? "" }

    private static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.utf8.count)) + text
    }
}
