/// Reads replies out of bytes as they arrive, in either version of the protocol.
///
/// Aggregates that are still open stand on a stack of ours, not on the thread's: nesting is a limit, not a crash.
/// Invariant: what stands before `position` is in the stack and is not looked at again. Nothing is allocated from a
/// declared number.
package struct ReplyParser: Sendable {
    /// What the bytes given so far amount to.
    package enum Step: Equatable, Sendable {
        case needMore
        case reply(Reply, consumed: Int)
        /// The framing is lost or a limit is exceeded: hang up.
        case failed(WireError)
    }

    private static let types = Bytes(ascii: "+-:$*_#,(!=%~>")

    private let limits: Limits
    private var open: [OpenAggregate] = []
    private var position = 0
    /// Bytes after `position` that hold no line end.
    private var scanned = 0

    package init(limits: Limits = .standard) {
        self.limits = limits
    }

    /// Looks for the next reply. `bytes` starts at the first byte that is not yet consumed; after `.reply` the caller
    /// drops `consumed` bytes, after `.needMore` it comes back with the same bytes and more.
    package mutating func next(in bytes: Span<UInt8>) -> Step {
        do {
            return try read(bytes)
        } catch {
            return .failed(error)
        }
    }

    private mutating func read(_ bytes: Span<UInt8>) throws(WireError) -> Step {
        while let value = try readElement(bytes) {
            guard let reply = fold(value) else { continue }
            defer { position = 0 }
            return .reply(reply, consumed: position)
        }
        guard bytes.count <= limits.replyBytes else { throw fault("is longer than \(limits.replyBytes) bytes") }
        return .needMore
    }

    /// Puts a value where it belongs; the whole reply when nothing is open any more.
    private mutating func fold(_ value: Reply) -> Reply? {
        var value = value
        while !open.isEmpty {
            open[open.count - 1].elements.append(value)
            guard open[open.count - 1].isComplete, let closed = open.popLast() else { return nil }
            value = closed.reply
        }
        return value
    }

    /// The next value that holds no others, aggregates opened on the way to it; nil while it is incomplete.
    private mutating func readElement(_ bytes: Span<UInt8>) throws(WireError) -> Reply? {
        while position < bytes.count {
            let type = bytes[position]
            guard Self.types.contains(type) else { throw fault("begins with no known type") }
            guard position <= limits.replyBytes else { throw fault("is longer than \(limits.replyBytes) bytes") }
            guard let end = try lineEnd(bytes) else { return nil }
            let line = Bytes(bytes.extracting((position + 1)..<end))
            guard let kind = OpenAggregate.Kind(type) else { return try readScalar(type, line, end, bytes) }
            guard let aggregate = try openAggregate(kind, line) else {
                advance(to: end + 2)
                return .null
            }
            advance(to: end + 2)
            guard !aggregate.isComplete else { return aggregate.reply }
            open.append(aggregate)
        }
        return nil
    }

    private func openAggregate(_ kind: OpenAggregate.Kind, _ line: Bytes) throws(WireError) -> OpenAggregate? {
        if kind == .array, line == Bytes(ascii: "-1") { return nil }
        guard let count = Decimal.parse(line, in: 0...limits.replyBytes) else { throw fault("has a bad count") }
        guard open.count < limits.depth else { throw fault("nests deeper than \(limits.depth)") }
        return OpenAggregate(kind: kind, count: count)
    }

    private mutating func readScalar(
        _ type: UInt8, _ line: Bytes, _ end: Int, _ bytes: Span<UInt8>
    ) throws(WireError) -> Reply? {
        guard let kind = BulkKind(type) else {
            guard let value = Self.scalar(type, line) else { throw fault("has a bad value") }
            advance(to: end + 2)
            return value
        }
        if kind == .string, line == Bytes(ascii: "-1") {
            advance(to: end + 2)
            return .null
        }
        return try readBulk(kind, line, from: end + 2, bytes)
    }

    private mutating func readBulk(
        _ kind: BulkKind, _ line: Bytes, from start: Int, _ bytes: Span<UInt8>
    ) throws(WireError) -> Reply? {
        guard let length = Decimal.parse(line, in: 0...limits.replyBytes) else { throw fault("has a bad length") }
        guard bytes.count - start >= length + 2 else { return nil }
        let end = start + length
        guard bytes[end] == UInt8(ascii: "\r"), bytes[end + 1] == UInt8(ascii: "\n") else {
            throw fault("has a string longer than its length says")
        }
        guard let value = kind.reply(Bytes(bytes.extracting(start..<end))) else { throw fault("has a bad value") }
        advance(to: end + 2)
        return value
    }

    /// Where the line that begins at `position` ends, before its `\r\n`.
    private mutating func lineEnd(_ bytes: Span<UInt8>) throws(WireError) -> Int? {
        var index = position + max(scanned, 1)
        while index < bytes.count, bytes[index] != UInt8(ascii: "\r"), bytes[index] != UInt8(ascii: "\n") { index += 1 }
        scanned = index - position
        guard scanned <= limits.inlineBytes else { throw fault("has a line longer than \(limits.inlineBytes) bytes") }
        guard index < bytes.count else { return nil }
        guard bytes[index] == UInt8(ascii: "\r") else { throw fault("has a line without \\r\\n") }
        guard index + 1 < bytes.count else { return nil }
        guard bytes[index + 1] == UInt8(ascii: "\n") else { throw fault("has a line without \\r\\n") }
        return index
    }

    private mutating func advance(to end: Int) {
        position = end
        scanned = 0
    }

    private func fault(_ what: String) -> WireError {
        .fatal("the server's reply \(what)")
    }
}
