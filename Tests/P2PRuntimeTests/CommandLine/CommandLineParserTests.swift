import P2PProtocol
import P2PRuntime
import Testing

@Suite struct CommandLineParserTests {
    private func parse(_ line: String, for program: Program = .peer) throws -> Invocation {
        try CommandLineParser.parse(line.split(separator: " ").map { Array($0.utf8) }, for: program)
    }

    @Test(
        "flags may stand before and after the command, with a space or an equals sign",
        arguments: [
            "get --to /tmp calm", "--to /tmp get calm", "get calm --to /tmp", "get --to=/tmp calm",
            "download calm --to /tmp", "get --to /x calm --to /tmp", "get --to /tmp -- calm",
        ])
    func placement(line: String) throws {
        let invocation = try parse(line)
        #expect(invocation.verb == "get")
        #expect(invocation.query == Bytes(ascii: "calm"))
        #expect(invocation.value(of: "--to") == Bytes(ascii: "/tmp"))
    }

    @Test("the first command runs when none is given")
    func defaults() throws {
        #expect(try parse("").verb == "menu")
        #expect(try parse("--dir /x").verb == "menu")
        #expect(try parse("--port 0", for: .indexServer).verb == "serve")
    }

    @Test("flags that may be repeated keep every value in order")
    func repeated() throws {
        let invocation = try parse("daemon --server a:1 --server=b:2")
        #expect(invocation.values(of: "--server") == [Bytes(ascii: "a:1"), Bytes(ascii: "b:2")])
    }

    @Test("the words of a query are joined; those that begin with a dash belong to it")
    func query() throws {
        #expect(try parse("search calm -live size:>10M --json").query == Bytes(ascii: "calm -live size:>10M"))
        #expect(try parse("search -- --odd").query == Bytes(ascii: "--odd"))
        #expect(try parse("list").query.isEmpty)
    }

    @Test("a value that is no UTF-8 arrives byte for byte")
    func bytes() throws {
        let path: Bytes = [0x2F, 0xFF, 0x3D, 0xFE]
        let invocation = try CommandLineParser.parse([Bytes(ascii: "--dir=") + path], for: .peer)
        #expect(invocation.value(of: "--dir") == path)
    }

    @Test(
        "what makes no sense is refused, with the command whose help says more",
        arguments: [
            ("--prot 5", "unknown flag --prot (did you mean --port?); see peer --help"),
            ("-x", "unknown flag -x; see peer --help"),
            ("hash -x", "unknown flag -x; see peer hash --help"),
            ("--zzzzzz", "unknown flag --zzzzzz; see peer --help"),
            ("serach x", "unknown command serach (did you mean search?); see peer --help"),
            ("menu now", "menu does not know what to do with now; see peer menu --help"),
            ("get", "get needs QUERY|rookery:ROOT; see peer get --help"),
            ("link a b", "link does not know what to do with b; see peer link --help"),
            ("--port", "--port needs a value: P; see peer --help"),
            ("--port --json", "--port needs a value: P; see peer --help"),
            ("--json=yes", "--json takes no value; see peer --help"),
            ("search x --move", "--move is not a flag of peer search; see peer search --help"),
            ("\u{1B}[2J", #"unknown command \x1b[2J; see peer --help"#),
        ])
    func misuse(line: String, message: String) {
        #expect(throws: Misuse(message)) { try parse(line) }
    }

    @Test(
        "whoever asks for help is not told what else is wrong",
        arguments: ["get --help", "-h", "search --move --help", "hash -h"])
    func help(line: String) throws {
        #expect(try parse(line).has("--help"))
    }

    @Test("no word of a program's table means two things", arguments: ["peer", "index-server"])
    func tables(name: String) {
        let program = name == "peer" ? Program.peer : .indexServer
        // Two verbs may know the same flag.
        for flag in program.allFlags {
            #expect(program.allFlags.allSatisfy { $0.name != flag.name || $0 == flag }, "\(flag.name)")
        }
        let words = program.verbs.flatMap { [$0.name] + $0.aliases }
        #expect(Set(words).count == words.count)
    }
}
