/// Reads client commands out of bytes as they arrive: arrays of bulk strings, or lines typed by a person.
///
/// States: at rest; in an array, with `missing` arguments still to come; in a line whose end has not arrived.
/// Invariant: what stands before `position` has been judged and is not looked at again, so that bytes which trickle in
/// cost no more than bytes which come at once. Nothing is allocated from a declared number, only from what arrived.
package struct CommandParser: Sendable {
    /// What the bytes given so far amount to.
    package enum Step: Equatable, Sendable {
        /// The next command is not complete.
        case needMore
        /// An empty line or an empty array, which Redis passes over without a reply.
        case blank(consumed: Int)
        /// A command: read it with `Command.parse` before the bytes are dropped.
        case command(consumed: Int)
        /// The framing is lost: answer and hang up. Asked again, the parser says the same again.
        case failed(WireError)
    }

    /// The limits that the next bytes are held to.
    private(set) var shared: SharedLimits
    /// Whether the last command was typed as a line.
    package private(set) var isInline = false

    private var ranges: [Range<Int>] = []
    private var line = InlineLine()
    private var position = 0
    private var missing = 0
    private var length: Int?

    package init(limits: SharedLimits) {
        shared = limits
    }

    package init(limits: Limits = .standard) {
        self.init(limits: SharedLimits(limits))
    }

    /// Holds what follows to other limits: tight ones before a login, the usual ones after it.
    package mutating func use(_ limits: SharedLimits) {
        shared = limits
    }

    private var limits: Limits { shared.values }

    /// Looks for the next command. `bytes` starts at the first byte that is not yet consumed; after `.command` and
    /// `.blank` the caller drops `consumed` bytes, after `.needMore` it comes back with the same bytes and more.
    package mutating func next(in bytes: Span<UInt8>) -> Step {
        do {
            return try read(bytes)
        } catch {
            return .failed(error)
        }
    }

    /// Forgets what it has seen of an incomplete command: the next bytes begin one.
    package mutating func restart() {
        (position, missing, length) = (0, 0, nil)
    }

    /// Copies of the last command's arguments; `bytes` as they were given to `next`.
    package func arguments(in bytes: Span<UInt8>) -> [Bytes] {
        (try? withArguments(in: bytes) { arguments in (0..<arguments.count).map { Bytes(arguments[$0]) } }) ?? []
    }

    /// The arguments of the last command, borrowed from `bytes` for the length of the call.
    func withArguments<Result>(
        in bytes: Span<UInt8>, _ body: (Arguments) throws(WireError) -> Result
    ) throws(WireError) -> Result {
        try bytes.withUnsafeBufferPointer { (typed) throws(WireError) -> Result in
            guard isInline else { return try body(Arguments(bytes: typed, ranges: ranges)) }
            return try line.decoded.withUnsafeBufferPointer { (decoded) throws(WireError) -> Result in
                try body(Arguments(bytes: decoded, ranges: line.ranges, typed: typed, typedRanges: line.typedRanges))
            }
        }
    }

    /// Where the two arguments of the last command stand, if it came as an array and has so many.
    var twoArguments: (Range<Int>, Range<Int>)? {
        !isInline && ranges.count == 2 ? (ranges[0], ranges[1]) : nil
    }

    private mutating func read(_ bytes: Span<UInt8>) throws(WireError) -> Step {
        if missing == 0 {
            guard bytes.count > 0 else { return .needMore }
            guard bytes[0] == UInt8(ascii: "*") else { return try readLine(bytes) }
            guard let count = try readCount(bytes) else { return .needMore }
            guard count > 0 else { return .blank(consumed: finish()) }
        }
        while missing > 0 {
            guard try readArgument(bytes) else { return .needMore }
        }
        return .command(consumed: finish())
    }

    private mutating func finish() -> Int {
        defer { position = 0 }
        return position
    }

    // MARK: Lines

    private mutating func readLine(_ bytes: Span<UInt8>) throws(WireError) -> Step {
        let longest = min(limits.inlineBytes, limits.commandBytes)
        let end = min(bytes.count, longest + 1)
        while position < end, bytes[position] != UInt8(ascii: "\n") { position += 1 }
        guard position < end else {
            guard bytes.count <= longest else { throw .overLimit("Protocol error: too big inline request") }
            return .needMore
        }
        isInline = true
        try line.split(bytes, upTo: position, limits: limits)
        position += 1
        return line.ranges.isEmpty ? .blank(consumed: finish()) : .command(consumed: finish())
    }

    // MARK: Arrays

    private mutating func readCount(_ bytes: Span<UInt8>) throws(WireError) -> Int? {
        let header = BulkHeader(fault: "invalid multibulk length", maximum: limits.arguments, allowsNull: true)
        guard let (count, end) = try header.read(bytes, at: position) else { return nil }
        position = end
        missing = max(count, 0)
        isInline = false
        // A list of names is rare and large: its room is not kept by every connection that once sent one.
        ranges.removeAll(keepingCapacity: ranges.capacity <= 256)
        return count
    }

    private mutating func readArgument(_ bytes: Span<UInt8>) throws(WireError) -> Bool {
        if length == nil { length = try readLength(bytes) }
        guard let length, bytes.count - position >= length + 2 else { return false }
        let end = position + length
        guard bytes[end] == UInt8(ascii: "\r"), bytes[end + 1] == UInt8(ascii: "\n") else {
            throw .fatal("Protocol error: bulk string is longer than its length says")
        }
        ranges.append(position..<end)
        position = end + 2
        missing -= 1
        self.length = nil
        return true
    }

    private mutating func readLength(_ bytes: Span<UInt8>) throws(WireError) -> Int? {
        guard position < bytes.count else { return nil }
        guard bytes[position] == UInt8(ascii: "$") else {
            throw .fatal("Protocol error: expected '$', got '\(WireError.excerpt(of: [bytes[position]]))'")
        }
        let header = BulkHeader(fault: "invalid bulk length", maximum: limits.commandBytes, allowsNull: false)
        guard let (length, end) = try header.read(bytes, at: position) else { return nil }
        guard length <= limits.commandBytes - end - 2 else {
            throw .overLimit("Protocol error: command is longer than \(limits.commandBytes) bytes")
        }
        position = end
        return length
    }
}
