/// The arguments of one command, taken from the front by the command that they belong to. Each taker throws an error
/// that names the command and the fault.
struct CommandReader {
    typealias Text = UnsafeBufferPointer<UInt8>

    /// The command as faults name it: `REG`, `UPD GOT`.
    private(set) var verb: StaticString
    private let shared: SharedLimits
    private(set) var arguments: Arguments
    private(set) var index = 1
    /// Where the arguments end; trailing clauses are taken off here.
    private(set) var end: Int

    init(_ arguments: Arguments, verb: StaticString, limits: SharedLimits) {
        (self.arguments, self.verb, shared) = (arguments, verb, limits)
        end = arguments.count
    }

    var remaining: Int { end - index }
    var limits: Limits { shared.values }

    // MARK: Taking

    /// The next argument, nil at the end.
    mutating func next() -> Text? {
        guard index < end else { return nil }
        defer { index += 1 }
        return arguments[index]
    }

    /// The next argument, which must be there.
    mutating func text() throws(WireError) -> Text {
        guard let text = next() else { throw arity }
        return text
    }

    mutating func bytes() throws(WireError) -> Bytes {
        Bytes(try text())
    }

    /// Bytes of a limited length, at least one.
    mutating func bytes(_ what: StaticString, upTo limit: Int) throws(WireError) -> Bytes {
        let text = try text()
        guard !text.isEmpty else { throw fault("\(what) is empty") }
        guard text.count <= limit else { throw fault("\(what) is longer than \(limit) bytes") }
        return Bytes(text)
    }

    mutating func number(_ what: StaticString, in range: ClosedRange<Int>) throws(WireError) -> Int {
        guard let value = Decimal.parse(try text(), in: range) else {
            let bounds =
                range.upperBound == .max
                ? "from \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
            throw fault("\(what) is not a number \(bounds)")
        }
        return value
    }

    /// A peer's id.
    mutating func peer() throws(WireError) -> Int {
        try number("id", in: 1...Int.max)
    }

    mutating func digest(_ what: StaticString) throws(WireError) -> Digest {
        guard let digest = Digest(hex: try text()) else { throw fault("\(what) is not 64 hex digits") }
        return digest
    }

    mutating func name() throws(WireError) -> Name {
        try name(from: try text())
    }

    /// A name out of bytes that have been taken already.
    func name(from text: Text) throws(WireError) -> Name {
        guard let name = Name(validating: text.span) else {
            throw fault(NameRules.fault(in: text.span) ?? "name is not valid")
        }
        return name
    }

    /// A root or a name: 64 hex digits are a root.
    mutating func content() throws(WireError) -> ContentReference {
        let text = try text()
        if let root = Digest(hex: text) { return .root(root) }
        return .name(try name(from: text))
    }

    /// The next argument when it is this word in either case.
    mutating func take(_ word: Keyword) -> Bool {
        guard index < end, Keyword(arguments[index]) == word else { return false }
        index += 1
        return true
    }

    /// The next argument as a word of the protocol.
    mutating func keyword() -> Keyword? {
        next().map { Keyword($0) }
    }

    /// All arguments that are left.
    mutating func rest() -> [Bytes] {
        defer { index = end }
        return (index..<end).map { Bytes(arguments[$0]) }
    }

    /// All arguments that are left, with one space between them.
    mutating func joinedRest(_ what: StaticString) throws(WireError) -> Bytes {
        defer { index = end }
        guard arguments.joinedCount(index..<end) <= limits.queryBytes else {
            throw fault("\(what) is longer than \(limits.queryBytes) bytes")
        }
        return arguments.joined(index..<end)
    }

    /// From here on, arguments keep the quotes that were typed around them.
    mutating func keepQuotes() {
        arguments = arguments.asTyped
    }

    // MARK: The tail

    /// The argument that many places before the end, unless it is one of the next `kept`.
    func tail(_ places: Int, keeping kept: Int) -> Text? {
        end - places >= index + kept ? arguments[end - places] : nil
    }

    mutating func dropTail(_ places: Int) {
        end = max(end - places, index)
    }

    // MARK: Faults

    /// The subcommand is known: faults name it too.
    mutating func enter(_ verb: StaticString) {
        self.verb = verb
    }

    func fault(_ what: String) -> WireError {
        WireError("\(verb): \(what)")
    }

    /// Too few or too many arguments, in Redis's words.
    var arity: WireError {
        let name = "\(verb)".lowercased().split(separator: " ").joined(separator: "|")
        return WireError("wrong number of arguments for '\(name)' command")
    }

    /// An option that the command does not have, or one too many.
    func unknownOption(_ text: Text) -> WireError {
        fault("unknown option '\(WireError.excerpt(of: text))'")
    }

    /// A subcommand that the command does not have, in Redis's words.
    var unknownSubcommand: WireError {
        let text = WireError.excerpt(of: arguments[min(1, arguments.count - 1)])
        return WireError("unknown subcommand '\(text)'. Try \(verb) HELP.")
    }

    /// Nothing may be left.
    func finish() throws(WireError) {
        guard index == end else { throw arity }
    }
}
