#if FUZZING
    import Glibc
#else
    package import P2PProtocol
#endif

/// What strangers' bytes go through, one target a parser. Whatever the bytes are, `run` comes back: a broken promise
/// ends the process, which is what the fuzzer looks for and what the replay of the corpus would not survive.
package enum FuzzTarget: String, CaseIterable, Sendable {
    case command, reply, request, response, name, query, json

    package func run(_ bytes: Bytes) {
        switch self {
        case .command: Self.readCommands(bytes)
        case .reply: Self.readReplies(bytes)
        case .request: Self.readRequest(bytes)
        case .response: Self.readResponse(bytes)
        case .name: Self.judgeName(bytes)
        case .query: Self.readQuery(bytes)
        case .json: Self.readJSON(bytes)
        }
    }

    private static func demand(_ condition: Bool, _ promise: StaticString) {
        precondition(condition, "\(promise)")
    }

    // MARK: RESP

    /// Commands read from the whole are those read when every byte arrives alone, and each survives its own wire form.
    private static func readCommands(_ bytes: Bytes) {
        let whole = commands(bytes, portion: .max)
        demand(whole == commands(bytes, portion: 1), "a command does not depend on how it arrives")
        for case let command? in whole {
            var writer = CommandWriter()
            writer.write(command.words)
            demand(commands(writer.output.bytes, portion: .max) == [command], "a command survives its own wire form")
        }
    }

    private static func commands(_ bytes: Bytes, portion: Int) -> [Command?] {
        var (parser, commands, pending, given) = (CommandParser(), [Command?](), Bytes(), 0)
        while given < bytes.count {
            let end = bytes.count - given > portion ? given + portion : bytes.count
            pending += bytes[given..<end]
            given = end
            reading: while !pending.isEmpty {
                switch parser.next(in: pending.span) {
                case .needMore: break reading
                case .blank(let count):
                    demand(count > 0 && count <= pending.count, "what is consumed was there")
                    pending.removeFirst(count)
                case .command(let count):
                    demand(count > 0 && count <= pending.count, "what is consumed was there")
                    commands.append(try? Command.parse(parser, in: pending.span))
                    pending.removeFirst(count)
                case .failed: return commands
                }
            }
        }
        return commands
    }

    private static func readReplies(_ bytes: Bytes) {
        var (parser, pending) = (ReplyParser(), bytes)
        while case .reply(_, let count) = parser.next(in: pending.span) {
            demand(count > 0 && count <= pending.count, "what is consumed was there")
            pending.removeFirst(count)
        }
    }

    // MARK: HTTP

    private static func readRequest(_ bytes: Bytes) {
        var parser = RequestHeadParser()
        guard case .head(let head, let count) = parser.next(in: bytes.span) else { return }
        demand(count <= bytes.count, "what is consumed was there")
        _ = PeerRoute.find(head)
        for size in [0, 1, 1_000_000] {
            let decision = ContentDecision.decide(head, size: size, tag: EntityTag(SHA256.hash(Bytes())))
            if let range = decision.body(ofSize: size) {
                demand(range.first >= 0 && range.last < size, "a range lies in the file")
            }
            let answer = decision.responseHead(root: SHA256.hash(bytes), size: size, name: head.target.path).bytes
            demand(lines(answer).dropLast(2).allSatisfy { !$0.isEmpty }, "nothing that is echoed starts a line")
        }
    }

    private static func readResponse(_ bytes: Bytes) {
        var parser = ResponseHeadParser()
        guard case .head(let head, let count) = parser.next(in: bytes.span) else { return }
        demand(count <= bytes.count, "what is consumed was there")
        guard let range = ByteRange(10, 19) else { return }
        if case .body(let count, _) = BodyAnswer.judge(head, asked: range, of: 100) {
            demand(count == 10, "no more is taken than was asked for")
        }
    }

    private static func lines(_ bytes: Bytes) -> [Bytes.SubSequence] {
        bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map { $0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0 }
    }

    // MARK: Names, queries, JSON

    private static func judgeName(_ bytes: Bytes) {
        let shown = display(bytes)
        demand(
            shown.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) },
            "no controls are shown")
        let local = LocalName(component: bytes)
        demand(!local.bytes.isEmpty && local.bytes.count <= 255, "a local name is 1 to 255 bytes")
        demand(!local.bytes.contains(0) && !local.bytes.contains(UInt8(ascii: "/")), "a local name is one component")
        demand(local.bytes != Bytes(ascii: ".") && local.bytes != Bytes(ascii: ".."), "a local name is no folder")
        demand(LocalName(component: local.bytes).bytes == local.bytes, "a harmless name stays as it is")
        guard let name = Name(validating: bytes) else { return }
        demand(name.bytes == bytes, "identity is the bytes")
        let folded = Folding.fold(bytes)
        demand(Folding.fold(folded) == folded, "folding what is folded changes nothing")
    }

    private static func readQuery(_ bytes: Bytes) {
        guard let query = try? Query.parse(bytes) else { return }
        let name = bytes.prefix(1_024)
        _ = query.matches(QuerySubject(name: Bytes(name), size: 5, root: nil, peers: [1]))
        guard let again = try? Query.parse(query.printed) else { return }
        demand(again == query, "a query survives being printed")
    }

    private static func readJSON(_ bytes: Bytes) {
        guard let value = try? JSON.parse(bytes) else { return }
        let text = value.encoded()
        demand((try? JSON.parse(text))?.encoded() == text, "JSON survives being written")
    }
}

#if FUZZING
    private let chosen = FuzzTarget(rawValue: getenv("FUZZ_TARGET").map { String(cString: $0) } ?? "command")

    @_cdecl("LLVMFuzzerTestOneInput")
    public func fuzzOneInput(_ data: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
        chosen?.run(Bytes(UnsafeBufferPointer(start: data, count: count)))
        return 0
    }
#endif
