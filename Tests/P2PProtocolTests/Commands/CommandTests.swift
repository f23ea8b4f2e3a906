import P2PProtocol
import Testing

@Suite struct CommandTests {
    static let root = String(repeating: "0123456789abcdef", count: 4)

    // MARK: Faults

    static let faults: [(line: String, error: String)] = [
        ("NOPE", "ERR unknown command 'NOPE', with args beginning with: "),
        ("nope a \"b c\"", "ERR unknown command 'nope', with args beginning with: 'a' 'b c' "),
        ("\"\"", "ERR unknown command '', with args beginning with: "),
        ("\"\\x00\\r\\n\"", "ERR unknown command '\\x00\\x0d\\x0a', with args beginning with: "),
        ("SEARCH", "ERR wrong number of arguments for 'search' command"),
        ("PEERS all", "ERR wrong number of arguments for 'peers' command"),
        ("ECHO", "ERR wrong number of arguments for 'echo' command"),
        ("PING a b", "ERR wrong number of arguments for 'ping' command"),
        ("REG * *", "ERR wrong number of arguments for 'reg' command"),
        ("REG 0 * 9001", "ERR REG: id is not a number from 1"),
        ("REG +1 * 9001", "ERR REG: id is not a number from 1"),
        ("REG x * 9001", "ERR REG: id is not a number from 1"),
        ("REG 9223372036854775808 * 9001", "ERR REG: id is not a number from 1"),
        ("REG * \"\" 9001", "ERR REG: host is empty"),
        ("REG * * 0", "ERR REG: port is not a number from 1 to 65535"),
        ("REG * * 65536", "ERR REG: port is not a number from 1 to 65535"),
        ("REG * * -1", "ERR REG: port is not a number from 1 to 65535"),
        ("REG * * 0x50", "ERR REG: port is not a number from 1 to 65535"),
        ("REG * * \u{FF18}\u{FF10}", "ERR REG: port is not a number from 1 to 65535"),
        ("REG * * 9001 NAME", "ERR wrong number of arguments for 'reg' command"),
        ("REG * * 9001 NAME \"\"", "ERR REG: NAME is empty"),
        ("REG * * 9001 LEASE 0", "ERR REG: LEASE is not a number from 1 to 86400"),
        ("REG * * 9001 LEASE 86401", "ERR REG: LEASE is not a number from 1 to 86400"),
        ("REG * * 9001 CERT abc", "ERR REG: CERT is not 64 hex digits"),
        ("REG * * 9001 OWNERSHIP give", "ERR REG: OWNERSHIP is neither copy nor move"),
        ("REG * * 9001 SPEED 5", "ERR REG: unknown option 'SPEED'"),
        ("REG * * 9001 NAMES a \"\"", "ERR REG: name is empty"),
        ("REG * * 9001 NAMES /etc/passwd", "ERR REG: name is not relative"),
        ("REG * * 9001 NAMES a/../b", "ERR REG: name has a component .."),
        ("REG * * 9001 NAMES \"a\\x00b\"", "ERR REG: name contains a NUL byte"),
        ("REG * * 9001 FILES a 1", "ERR REG: FILES is not followed by triples of path, size and root"),
        ("REG * * 9001 FILES a -1 -", "ERR REG: size is not a number from 0 to 9007199254740992"),
        ("REG * * 9001 FILES a 9007199254740993 -", "ERR REG: size is not a number from 0 to 9007199254740992"),
        ("REG * * 9001 FILES a 1 abc", "ERR REG: root is not 64 hex digits"),
        ("UPD ADD", "ERR wrong number of arguments for 'upd' command"),
        ("UPD ADD NAMES", "ERR wrong number of arguments for 'upd|add' command"),
        ("UPD ADD a b", "ERR UPD ADD: neither NAMES nor FILES follows"),
        ("UPD PUT a", "ERR UPD: neither ADD, DEL, GOT nor PARTIAL follows"),
        ("UPD DEL .", "ERR UPD DEL: name has a component ."),
        ("UPD GOT a", "ERR UPD GOT: FROM and an id are missing"),
        ("UPD GOT a FROM", "ERR wrong number of arguments for 'upd|got' command"),
        ("UPD GOT a FROM b", "ERR UPD GOT: id is not a number from 1"),
        ("UPD GOT a FROM 1 AS", "ERR wrong number of arguments for 'upd|got' command"),
        ("UPD GOT a FROM 1 STEAL", "ERR UPD GOT: unknown option 'STEAL'"),
        ("UPD GOT ../a FROM 1", "ERR UPD GOT: name has a component .."),
        ("UPD PARTIAL a", "ERR UPD PARTIAL: root is not 64 hex digits"),
        ("SEARCH a LIMIT 0", "ERR SEARCH: LIMIT is not a number from 1 to 1000"),
        ("SEARCH a LIMIT 1001", "ERR SEARCH: LIMIT is not a number from 1 to 1000"),
        ("SEARCH a LIMIT -1", "ERR SEARCH: LIMIT is not a number from 1 to 1000"),
        ("SEARCH a LIMIT 5x CURSOR 3", "ERR SEARCH: LIMIT is not a number from 1 to 1000"),
        ("LIST LIMIT x", "ERR LIST: LIMIT is not a number from 1 to 1000"),
        ("SOURCES a b", "ERR wrong number of arguments for 'sources' command"),
        ("BROWSE x", "ERR BROWSE: id is not a number from 1"),
        ("BROWSE 1 FOLDER a", "ERR BROWSE: unknown option 'FOLDER'"),
        ("BROWSE 1 PATH ../a", "ERR BROWSE: name has a component .."),
        ("META SHOW a", "ERR META: neither GET, ADD, EDIT, DEL nor ALL follows"),
        ("META GET", "ERR wrong number of arguments for 'meta|get' command"),
        ("META GET a b", "ERR wrong number of arguments for 'meta|get' command"),
        ("META ADD a", "ERR wrong number of arguments for 'meta|add' command"),
        ("META ADD a year", "ERR wrong number of arguments for 'meta|add' command"),
        ("META EDIT a \"\" b", "ERR META EDIT: field is empty"),
        ("SUBSCRIBE news", "ERR SUBSCRIBE: channel 'news' is none of peers, revoked and search:<query>"),
        ("TICKET abc 1", "ERR TICKET: root is not 64 hex digits"),
        ("TICKET * 0", "ERR TICKET: id is not a number from 1"),
        ("USER FIND a", "ERR USER: neither LIST, ADD, REMOVE, PASSWD, ROLE nor INVITE follows"),
        ("USER ADD a", "ERR wrong number of arguments for 'user|add' command"),
        ("USER ADD a b ROOT", "ERR wrong number of arguments for 'user|add' command"),
        ("KICK me", "ERR KICK: id is not a number from 1"),
        ("HELLO 4", "NOPROTO unsupported protocol version"),
        ("HELLO 1", "NOPROTO unsupported protocol version"),
        ("HELLO x", "ERR Protocol version is not an integer or out of range"),
        ("HELLO 3 AUTH a", "ERR Syntax error in HELLO option 'AUTH'"),
        ("HELLO 3 NAME a", "ERR Syntax error in HELLO option 'NAME'"),
        ("HELLO 3 SETNAME \"a b\"", "ERR Client names cannot contain spaces, newlines or special characters."),
        ("SELECT 1", "ERR DB index is out of range"),
        ("SELECT x", "ERR value is not an integer or out of range"),
        ("CLIENT KILL all", "ERR unknown subcommand 'KILL'. Try CLIENT HELP."),
        ("CLIENT SETNAME", "ERR wrong number of arguments for 'client|setname' command"),
        ("CLIENT SETINFO LIB-OS linux", "ERR Unrecognized option 'LIB-OS'"),
        ("CONFIG REWRITE", "ERR unknown subcommand 'REWRITE'. Try CONFIG HELP."),
        ("CONFIG SET a", "ERR wrong number of arguments for 'config|set' command"),
        ("COMMAND GETKEYS a", "ERR unknown subcommand 'GETKEYS'. Try COMMAND HELP."),
    ]

    @Test("[attack A1] [attack A3] names the command and the fault, and lets the connection go on", arguments: faults)
    func fault(line: String, error: String) {
        let result = Command.typed(line)
        #expect(result.error == error)
        if case .failure(let error) = result { #expect(error.consequence == .reply) }
    }

    @Test("tells no more than the beginning of an unknown command")
    func longUnknown() {
        let error = Command.sent([String](repeating: String(repeating: "x", count: 1_000), count: 1_000)).error
        #expect((error?.utf8.count ?? .max) < 400)
    }

    // MARK: Joined arguments and trailing clauses

    static let searches: [(line: String, request: SearchRequest)] = [
        ("SEARCH calm", SearchRequest(query: Bytes(ascii: "calm"))),
        ("search I Don't Like You", SearchRequest(query: Bytes(ascii: "I Don't Like You"))),
        ("SEARCH  calm   water", SearchRequest(query: Bytes(ascii: "calm water"))),
        ("SEARCH \"calm  water\" -loud", SearchRequest(query: Bytes(ascii: "\"calm  water\" -loud"))),
        ("SEARCH name:\"calm water\"", SearchRequest(query: Bytes(ascii: "name:\"calm water\""))),
        ("SEARCH a LIMIT 5", SearchRequest(query: Bytes(ascii: "a"), page: Page(limit: 5))),
        (
            "SEARCH a offline cursor x1 limit 1000",
            SearchRequest(
                query: Bytes(ascii: "a"), page: Page(limit: 1_000, cursor: Bytes(ascii: "x1")), offline: true)
        ),
        ("SEARCH a CURSOR 0", SearchRequest(query: Bytes(ascii: "a"))),
        ("SEARCH LIMIT 5", SearchRequest(query: Bytes(ascii: "LIMIT 5"))),
        ("SEARCH OFFLINE", SearchRequest(query: Bytes(ascii: "OFFLINE"))),
        ("SEARCH limit", SearchRequest(query: Bytes(ascii: "limit"))),
        ("SEARCH a LIMIT", SearchRequest(query: Bytes(ascii: "a LIMIT"))),
        ("SEARCH limit LIMIT 2", SearchRequest(query: Bytes(ascii: "limit"), page: Page(limit: 2))),
        ("SEARCH a LIMIT 5 b", SearchRequest(query: Bytes(ascii: "a LIMIT 5 b"))),
        ("SEARCH a OFFLINE b", SearchRequest(query: Bytes(ascii: "a OFFLINE b"))),
        ("SEARCH a \"LIMIT\" 5", SearchRequest(query: Bytes(ascii: "a \"LIMIT\" 5"))),
        ("SEARCH a LIMIT 4 LIMIT 5", SearchRequest(query: Bytes(ascii: "a LIMIT 4"), page: Page(limit: 5))),
    ]

    @Test("joins what is searched for, and counts clauses only at the end", arguments: searches)
    func search(line: String, request: SearchRequest) {
        #expect(Command.typed(line).command == .search(request))
    }

    @Test("joins the arguments of arrays too, quotes and all")
    func joinedArrays() {
        #expect(
            Command.sent(["SEARCH", "\"calm", "water\"", "LIMIT", "7"]).command
                == .search(SearchRequest(query: Bytes(ascii: "\"calm water\""), page: Page(limit: 7))))
        #expect(Command.sent(["CHECK", "calm", "water"]).command == .check(Bytes(ascii: "calm water")))
        #expect(Command.sent(["CHECK", "a", "LIMIT", "5"]).command == .check(Bytes(ascii: "a LIMIT 5")))
        #expect(Command.typed("CHECK \"calm water\"").command == .check(Bytes(ascii: "\"calm water\"")))
        #expect(Command.typed("LIST").command == .list(ListRequest()))
        #expect(Command.typed("LIST LIMIT 9").command == .list(ListRequest(page: Page(limit: 9))))
        #expect(Command.typed("LIST a LIMIT 9").command == .list(ListRequest(query: [97], page: Page(limit: 9))))
    }

    @Test("holds a query to its limit", arguments: ["SEARCH", "LIST", "CHECK"])
    func queryLimit(verb: String) {
        let half = String(repeating: "a", count: 1_023)
        #expect(Command.sent([verb, half, half + "b"]).command != nil)
        #expect(Command.sent([verb, half, half + "bc"]).error?.hasSuffix("is longer than 2048 bytes") == true)
    }

    // MARK: Registration and updates

    @Test("[mission N2] reads a registration as a person types it")
    func typedRegistration() throws {
        let entries = [FileEntry(name: try .known("162")), FileEntry(name: try .known("195"))]
        #expect(
            Command.typed("REG * * 9001 NAMES 162 195").command
                == .register(Registration(port: 9_001, entries: entries)))
    }

    @Test("reads options in either case, and takes all after NAMES as names")
    func options() throws {
        var expected = Registration(id: 5, host: Bytes(ascii: "10.0.0.7"), port: 65_535, ownership: .move)
        expected.name = Bytes(ascii: "den")
        expected.lease = 30
        expected.token = Bytes(ascii: "t")
        expected.certificate = Digest(hex: Bytes(Self.root.utf8))
        expected.entries = [FileEntry(name: try .known("LEASE")), FileEntry(name: try .known("30"))]
        let line = "reg 5 10.0.0.7 65535 name den lease 30 token t cert \(Self.root.uppercased()) OwnerShip MOVE "
        #expect(Command.typed(line + "names LEASE 30").command == .register(expected))
    }

    @Test("reads files with size and root, the root being known or not")
    func files() throws {
        let entries = [
            FileEntry(name: try .known("a/b"), size: 0, root: nil),
            FileEntry(name: try .known("FILES"), size: 1 << 53, root: Digest(hex: Bytes(Self.root.utf8))),
        ]
        let words = ["FILES", "a/b", "0", "-", "FILES", "9007199254740992", Self.root]
        #expect(Command.sent(["UPD", "ADD"] + words).command == .update(.add(entries)))
        #expect(
            Command.sent(["REG", "*", "*", "1"] + words).command == .register(Registration(port: 1, entries: entries)))
    }

    @Test("reads a list of 65,536 arguments, and names up to their limit")
    func largeLists() {
        let names = (0..<65_533).map { Bytes("n\($0)".utf8) }
        guard
            case .update(.add(let entries))? = Command.sent(
                [[85, 80, 68], [65, 68, 68], Bytes(ascii: "NAMES")] + names
            ).command
        else {
            Issue.record("the list is refused")
            return
        }
        #expect(entries.map(\.name.bytes) == names)
        for (count, isAllowed) in [(1_023, true), (1_024, true), (1_025, false)] {
            let result = Command.sent(["UPD", "DEL", String(repeating: "a", count: count)])
            #expect((result.command != nil) == isAllowed)
        }
    }

    @Test("[mission N4] reads copy and move; 64 hex digits are a root; copy is the default")
    func acquisitions() throws {
        let root = try #require(Digest(hex: Bytes(Self.root.utf8)))
        let name = try Name.known("195")
        let expected: [(String, Acquisition)] = [
            ("UPD GOT 195 FROM 1", Acquisition(content: .name(name), giver: 1)),
            ("UPD GOT 195 FROM 1 MOVE", Acquisition(content: .name(name), giver: 1, ownership: .move)),
            ("upd got \(Self.root) from 7 copy", Acquisition(content: .root(root), giver: 7)),
            (
                "UPD GOT \(Self.root) FROM 7 AS 195 MOVE",
                Acquisition(content: .root(root), giver: 7, path: name, ownership: .move)
            ),
            ("UPD GOT 195 FROM 1 AS MOVE", Acquisition(content: .name(name), giver: 1, path: try .known("MOVE"))),
        ]
        for (line, acquisition) in expected {
            #expect(Command.typed(line).command == .update(.got(acquisition)), "\(line)")
        }
        #expect(Command.typed("SOURCES \(Self.root)").command == .sources(SourcesRequest(content: .root(root))))
        #expect(Command.typed("SOURCES 195").command == .sources(SourcesRequest(content: .name(name))))
    }

    // MARK: The rest

    @Test("META's tail counts only where the arguments before it are whole")
    func metaTail() {
        func fields(_ fields: [(String, String)], stamp: MetaFields.Stamp? = nil) -> Command {
            let fields = fields.map { MetaFields.Field(name: Bytes($0.0.utf8), value: Bytes($0.1.utf8)) }
            return .meta(.add(MetaFields(title: [116], fields: fields, stamp: stamp)))
        }
        let stamp = MetaFields.Stamp(time: 5, user: Bytes(ascii: "bob"))
        #expect(Command.typed("META ADD t AT 5 BY bob").command == fields([("AT", "5"), ("BY", "bob")]))
        #expect(Command.typed("META ADD t a b at 5 by bob").command == fields([("a", "b")], stamp: stamp))
        #expect(
            Command.typed("META ADD t a b AT x BY bob").command == fields([("a", "b"), ("AT", "x"), ("BY", "bob")]))
        #expect(
            Command.typed("META ADD t a b AT 5 BY bob c d").command
                == fields([("a", "b"), ("AT", "5"), ("BY", "bob"), ("c", "d")]))
    }

    @Test("BROWSE opens folders with or without their slash")
    func browse() throws {
        let folder = try Name.known("music/limit")
        #expect(Command.typed("BROWSE 5").command == .browse(BrowseRequest(peer: 5)))
        #expect(Command.typed("BROWSE 5 PATH music/limit/").command == .browse(BrowseRequest(peer: 5, folder: folder)))
        #expect(Command.typed("BROWSE 5 PATH /").command == .browse(BrowseRequest(peer: 5)))
        #expect(
            Command.typed("BROWSE 5 PATH limit LIMIT 3").command
                == .browse(BrowseRequest(peer: 5, folder: try .known("limit"), page: Page(limit: 3))))
    }

    @Test("keeps a channel as it was typed")
    func channels() {
        #expect(
            Command.typed("SUBSCRIBE peers \"search:Calm \\\"deep water\\\"\"").command
                == .subscribe([.peers, .search(Bytes("Calm \"deep water\"".utf8))]))
        #expect(Channel.search(Bytes(ascii: "Calm")).name == Bytes(ascii: "search:Calm"))
        #expect(Command.typed("UNSUBSCRIBE anything").command == .unsubscribe([Bytes(ascii: "anything")]))
    }

    @Test("AUTH with one argument is the password of the user `default`")
    func authentication() {
        let login = Login(user: Bytes(ascii: "default"), password: Bytes(ascii: "p"))
        #expect(Command.typed("AUTH p").command == .auth(login))
        #expect(!"\(login)".contains("p)"))
    }

    @Test("the table knows each command once, in either case")
    func table() {
        let names = CommandTable.entries.map { "\($0.name)" }
        #expect(Set(names).count == names.count)
        for entry in CommandTable.entries {
            #expect(
                CommandTable.entry(named: Bytes("\(entry.name)".lowercased().utf8))?.summary.utf8CodeUnitCount ?? 0 > 0)
        }
        #expect(CommandTable.entry(named: Bytes(ascii: "search"))?.arity == -2)
        #expect(CommandTable.entry(named: Bytes(ascii: "PEERS"))?.arity == 1)
        #expect(CommandTable.entry(named: Bytes(ascii: "\u{0}PEERS")) == nil)
    }
}
