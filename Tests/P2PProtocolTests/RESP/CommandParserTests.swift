import P2PProtocol
import TestSupport
import Testing

@Suite struct CommandParserTests {
    /// About 300 bytes of arrays, lines, empty lines and empty arrays.
    static let session = Bytes(
        """
        *3\r\n$5\r\nHELLO\r\n$1\r\n3\r\n$0\r\n\r\n\r\n*0\r\n\
        *6\r\n$3\r\nREG\r\n$1\r\n*\r\n$1\r\n*\r\n$4\r\n9001\r\n$5\r\nNAMES\r\n$11\r\na\r\nb/c\r\n\u{0} d\r\n\
        SEARCH \"a phrase\" -other \r\nCHECK I Don't Like You Anymore\n*-1\r\n\
        *2\r\n$6\r\nSEARCH\r\n$20\r\n*2\r\n$4\r\nPING\r\nPING\r\n\r\n\
        echo \"\\x00\\n\\\"\" 'it\\'s' \"\"\r\n\r\n*1\r\n$4\r\nQUIT\r\n
        """.utf8)

    static let sessionCommands = [
        ["HELLO", "3", ""],
        ["REG", "*", "*", "9001", "NAMES", "a\r\nb/c\r\n\u{0} d"],
        ["SEARCH", "a phrase", "-other"],
        ["CHECK", "I", "Don't", "Like", "You", "Anymore"],
        ["SEARCH", "*2\r\n$4\r\nPING\r\nPING\r\n"],
        ["echo", "\u{0}\n\"", "it's", ""],
        ["QUIT"],
    ]

    @Test("reads arrays and lines as they come")
    func wholeSession() {
        let fed = CommandFeeding(Self.session)
        #expect(fed.texts == Self.sessionCommands)
        #expect(fed.inline == [false, false, true, true, false, true, false])
        #expect(fed.failure == nil)
        #expect(fed.waiting == 0)
    }

    @Test("[attack A6] reads the same however a session is cut in two")
    func everySplit() {
        let whole = CommandFeeding(Self.session)
        for split in 0...Self.session.count {
            let portions = [Bytes(Self.session[..<split]), Bytes(Self.session[split...])]
            #expect(CommandFeeding(portions) == whole, "split at \(split)")
        }
    }

    @Test("[attack A6] reads the same byte by byte")
    func trickle() {
        #expect(CommandFeeding(Self.session.map { [$0] }) == CommandFeeding(Self.session))
    }

    @Test("[attack A5] every beginning of a session gives the commands that are complete, and no more")
    func everyShortLength() {
        for count in 0..<Self.session.count {
            let fed = CommandFeeding(Bytes(Self.session[..<count]))
            #expect(fed.texts == Array(Self.sessionCommands.prefix(fed.commands.count)), "\(count) bytes")
            #expect(fed.failure == nil, "\(count) bytes")
        }
    }

    @Test(
        "[attack A1] [attack A2] [attack A3] [attack A4] [attack A5] [attack A20] withstands hostile bytes",
        arguments: HostileFrame.numbers + HostileFrame.framing + HostileFrame.lines)
    func hostile(frame: HostileFrame) {
        let fed = CommandFeeding(frame.bytes)
        switch frame.outcome {
        case .refused(let message):
            #expect(fed.failure?.consequence == .hangUp)
            #expect(fed.failure?.message.hasPrefix("Protocol error: ") == true)
            #expect(fed.failure?.message.contains(message) == true, "\(String(describing: fed.failure))")
        case .waits:
            #expect(fed.failure == nil)
            #expect(fed.commands.isEmpty)
            #expect(fed.waiting == frame.bytes.count)
        case .commands(let count):
            // `$4` and the like count as lines: what follows is read, never glued to what went before.
            #expect(fed.failure == nil)
            #expect(fed.commands.count == count)
            #expect(fed.waiting == 0)
        }
    }

    @Test("[attack A3] says the same again when it is asked again after a failure")
    func failureStays() {
        var parser = CommandParser()
        let bytes = Bytes("*1\r\n$x".utf8)
        let first = parser.next(in: bytes.span)
        #expect(first == parser.next(in: bytes.span))
        #expect(first == .failed(.fatal("Protocol error: invalid bulk length")))
    }

    @Test("holds the number of arguments to its limit", arguments: [(9, true), (10, true), (11, false)])
    func argumentLimit(count: Int, isAllowed: Bool) {
        var limits = Limits.standard
        limits.arguments = 10
        let array = "*\(count)\r\n" + String(repeating: "$1\r\na\r\n", count: count)
        let line = String(repeating: "a ", count: count) + "\n"
        #expect((CommandFeeding(array, limits: limits).failure == nil) == isAllowed)
        #expect((CommandFeeding(line, limits: limits).failure == nil) == isAllowed)
    }

    @Test("holds the bytes of a command to their limit", arguments: [(-1, true), (0, true), (1, false)])
    func commandLimit(excess: Int, isAllowed: Bool) {
        var limits = Limits.standard
        limits.commandBytes = 64
        // `*1\r\n$NN\r\n` and `\r\n` are 11 bytes.
        let length = 64 - 11 + excess
        let frame = "*1\r\n$\(length)\r\n" + String(repeating: "a", count: length) + "\r\n"
        #expect((CommandFeeding(frame, limits: limits).failure == nil) == isAllowed)
        let line = String(repeating: "a", count: 64 + excess) + "\n"
        #expect((CommandFeeding(line, limits: limits).failure == nil) == isAllowed)
    }

    @Test("[attack A4] counts what all arguments of a command take together")
    func manyArguments() {
        var limits = Limits.standard
        limits.commandBytes = 1_000
        let fed = CommandFeeding("*100\r\n" + String(repeating: "$10\r\n0123456789\r\n", count: 100), limits: limits)
        #expect(fed.failure?.message == "Protocol error: command is longer than 1000 bytes")
    }

    @Test("[attack A4] is stricter before a login, and no longer after it")
    func beforeLogin() {
        var parser = CommandParser(limits: Limits.standard.beforeLogin)
        let bytes = Bytes("*11\r\n$4\r\nPING\r\n".utf8)
        #expect(parser.next(in: bytes.span) == .failed(.overLimit("Protocol error: invalid multibulk length")))
        parser.use(SharedLimits(.standard))
        #expect(parser.next(in: bytes.span) == .needMore)
    }

    @Test("reads back what the writer writes", arguments: 0..<50)
    func roundTrip(seed: UInt64) {
        var random = Seeded(seed: seed)
        let commands = (0..<20).map { _ in
            (0...Int.random(in: 0..<8, using: &random)).map { _ in
                (0..<Int.random(in: 0..<40, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
            }
        }
        var writer = CommandWriter()
        for command in commands { writer.write(command) }
        let fed = CommandFeeding(writer.output.bytes.cut(using: &random))
        #expect(fed.commands == commands, "seed \(seed)")
        #expect(fed.failure == nil)
    }

    @Test("[attack A1] flipped bytes end in an error or in other commands, never in a trap", arguments: 0..<200)
    func flipped(seed: UInt64) {
        var random = Seeded(seed: seed)
        var bytes = Self.session
        for _ in 0...Int.random(in: 0..<4, using: &random) {
            bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
        }
        let whole = CommandFeeding(bytes)
        let cut = CommandFeeding(bytes.cut(using: &random))
        #expect(cut.commands == whole.commands, "seed \(seed)")
        #expect(cut.failure == whole.failure, "seed \(seed)")
    }
}

extension Bytes {
    /// The same bytes in random portions.
    func cut(using random: inout Seeded) -> [Bytes] {
        var portions: [Bytes] = []
        var start = 0
        while start < count {
            let end = Swift.min(start + Int.random(in: 1...30, using: &random), count)
            portions.append(Bytes(self[start..<end]))
            start = end
        }
        return portions
    }
}
