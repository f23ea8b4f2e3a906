import P2PProtocol
import P2PRuntime
import Peer
import Testing

@Suite struct MenuMachineTests {
    private static let server = ServerAddress(host: "10.0.0.2", port: 8_888)

    private func bytes(_ text: String) -> Bytes { Bytes(text.utf8) }

    private func content(_ name: String, holders: Int = 1, isHashed: Bool = true) -> FoundContent {
        FoundContent(
            name: bytes(name), size: 2_048, root: isHashed ? root(of: name) : nil,
            holders: (0..<holders).map { number in
                let source = IndexSource(id: 5 + number, host: bytes("10.0.0.\(7 + number)"), port: 6_699)
                return Holder(server: Self.server, source: source)
            })
    }

    /// The machine after these lines.
    private func machine(after lines: String...) -> MenuMachine {
        var machine = MenuMachine(isSingle: true)
        _ = machine.begin()
        for line in lines { _ = machine.take(bytes(line)) }
        return machine
    }

    private func text(_ actions: [MenuAction]) -> String {
        actions.map { action in
            switch action {
            case .say(let text), .prompt(let text): text
            default: ""
            }
        }.joined()
    }

    // MARK: At home

    @Test("[mission N7] the first three numbers are query, library and quit")
    func page() {
        var machine = MenuMachine(isSingle: true)
        let lines = text(machine.begin()).split(separator: "\n").map(String.init)
        #expect(lines[0].contains("1  search X") && lines[0].contains("query a file"))
        #expect(lines[1].contains("2  library") && lines[1].contains("print library"))
        #expect(lines[2].contains("3  quit"))
    }

    @Test(
        "[mission N7] numbers and words choose, with the title behind them or asked for",
        arguments: [
            (["1", "calm sea"], .find(Bytes(ascii: "calm sea"))),
            (["search calm sea"], .find(Bytes(ascii: "calm sea"))),
            (["1 calm"], .find(Bytes(ascii: "calm"))),
            (["1", " 3 "], .find(Bytes(ascii: " 3 "))),
            (["1", "-live \"x"], .find(Bytes(ascii: "-live \"x"))),
            (["2"], .printLibrary), (["library"], .printLibrary), (["  2  "], .printLibrary),
            (["4"], .listTitles), (["get"], .listTitles), (["list"], .listTitles),
            (["get calm"], .inform(Bytes(ascii: "calm"))),
            (["5", "calm"], .check(Bytes(ascii: "calm"))), (["check calm"], .check(Bytes(ascii: "calm"))),
            (["download calm"], .find(Bytes(ascii: "calm"))), (["6", "calm"], .find(Bytes(ascii: "calm"))),
            (["8"], .listPeers), (["peers"], .listPeers),
            (["9"], .transfers([])), (["transfers pause 3"], .transfers(Bytes("pause 3".utf8))),
            (["3"], .leave), (["quit"], .leave), (["exit"], .leave), (["q"], .leave),
        ] as [([String], MenuAction)])
    func choices(lines: [String], action: MenuAction) {
        var machine = MenuMachine(isSingle: true)
        _ = machine.begin()
        var actions: [MenuAction] = []
        for line in lines { actions = machine.take(bytes(line)) }
        #expect(actions == [action])
    }

    @Test(
        "what is no choice is said, escaped, and the menu goes on",
        arguments: ["bla", "0", "99", "99999999999999999999", "\u{1B}[2J"])
    func nonsense(line: String) {
        var machine = machine()
        let actions = machine.take(bytes(line))
        #expect(actions.last == .prompt("> "))
        #expect(text(actions).contains("no such choice"))
        #expect(!text(actions).utf8.contains(0x1B))
    }

    @Test("an empty line does nothing, and an empty title goes home")
    func empty() {
        var machine = machine()
        #expect(machine.take([]) == [.prompt("> ")])
        _ = machine.take(bytes("1"))
        #expect(machine.take([]) == [.prompt("> ")])
    }

    // MARK: Leaving

    /// Every prompt that there is, by the way to it.
    private var prompts: [MenuMachine] {
        var choosing = machine(after: "1", "x")
        _ = choosing.take(.found([content("a"), content("b")], owned: []))
        var confirming = machine(after: "1", "x")
        _ = confirming.take(.found([content("a")], owned: []))
        var confirmingAll = choosing
        _ = confirmingAll.take(bytes("all"))
        var offered = machine(after: "check x")
        _ = offered.take(existence: true, of: bytes("x"))
        return [machine(), machine(after: "1"), choosing, confirming, confirmingAll, offered]
    }

    @Test(
        "[mission A6] [mission L6] q, exit, quit and the end of input leave from any prompt",
        arguments: ["q", "exit", "quit", " q ", nil])
    func leaves(line: String?) {
        for prompt in prompts {
            var machine = prompt
            #expect(machine.take(line.map { bytes($0) }) == [.leave])
        }
    }

    // MARK: Queries

    @Test("[mission N8] what lies in the own library is answered, and nothing is offered")
    func owned() throws {
        var machine = machine(after: "1", "calm")
        let actions = machine.take(.owned([try name("calm.flac")]))
        #expect(actions == [.say("you already have it: calm.flac\n"), .prompt("> ")])
    }

    @Test("[mission N9] found: the menu names the peer and asks for a y before it downloads")
    func found() {
        var machine = machine(after: "1", "calm")
        let actions = machine.take(.found([content("calm")], owned: []))
        #expect(text(actions) == "found: calm, 2.0 KiB\n  peer 5 at 10.0.0.7:6699\ndownload? [y/N] ")
        #expect(machine.take(bytes("y")) == [.download(content("calm"), isMove: false)])
        #expect(machine.resume() == [.prompt("> ")])
    }

    @Test("[mission N9] anything but a yes downloads nothing", arguments: ["", "n", "N", "x", "1", "yy"])
    func declined(line: String) {
        var machine = machine(after: "1", "calm")
        _ = machine.take(.found([content("calm")], owned: []))
        #expect(machine.take(bytes(line)) == [.say("not downloaded\n"), .prompt("> ")])
    }

    @Test("[mission N10] not found: says so, and the menu goes on")
    func notFound() {
        var machine = machine(after: "1", "calm")
        #expect(machine.take(.found([], owned: [])) == [.say("not found\n"), .prompt("> ")])
        #expect(machine.take(bytes("2")) == [.printLibrary])
    }

    @Test("[mission F10] when no server answers, each is named and the menu goes on")
    func unanswered() {
        var machine = machine(after: "1", "calm")
        let actions = machine.take(.unanswered(["one: down", "two: down"]))
        #expect(actions == [.say("one: down\ntwo: down\n"), .prompt("> ")])
    }

    @Test(
        "[mission F4] of several hits one or more are chosen",
        arguments: [
            ("1", 0), ("2", 0), (" 2 ", 0), ("1,3", 2), ("1-3", 3), ("all", 3), ("3,1-2", 3), ("0", nil), ("4", nil),
            ("1-", nil), ("2-1", nil), ("x", nil), ("1,,2", nil),
        ] as [(String, Int?)])
    func several(line: String, count: Int?) {
        var machine = machine(after: "1", "x")
        let contents = ["a", "b", "c"].map { content($0) }
        let actions = machine.take(.found(contents, owned: []))
        #expect(text(actions).hasPrefix("1) a  2.0 KiB  1 peer\n2) b"))
        let answer = text(machine.take(bytes(line)))
        switch count {
        case nil: #expect(answer.contains("none of them"))
        case 0: #expect(answer.hasSuffix("download? [y/N] "))
        case let count?:
            #expect(answer == "download \(count) files? [y/N] ")
            #expect(machine.take(bytes("y")).count == count)
        }
    }

    @Test("what cannot be downloaded yet is named with the reason, and nothing is asked")
    func obstacle() {
        var machine = machine(after: "1", "x")
        let actions = machine.take(.found([content("x", isHashed: false)], owned: []))
        #expect(text(actions).contains("still hashing"))
        #expect(actions.last == .prompt("> "))
    }

    @Test("a name from the network is shown escaped")
    func hostileName() {
        var machine = machine(after: "1", "x")
        let actions = machine.take(.found([content("x\u{1B}]0;owned\u{7}\nREG 1")], owned: []))
        #expect(text(actions).hasPrefix("found: x\\x1b]0;owned\\x07\\x0aREG 1, "))
    }

    // MARK: Download, check

    @Test("[mission L5] download: from the one that has it, without another question")
    func downloads() {
        var machine = machine(after: "download calm")
        let actions = machine.take(.found([content("calm")], owned: []))
        #expect(actions.last == .download(content("calm"), isMove: false))
    }

    @Test("[mission L5] when several have it, the user is asked for the preferred one")
    func prefers() {
        var machine = machine(after: "download calm")
        let calm = content("calm", holders: 3)
        let actions = machine.take(.found([calm], owned: []))
        #expect(text(actions).contains("  2) peer 6 at 10.0.0.8:6699\n"))
        #expect(actions.last == .prompt("download? [y/N, or the number of the preferred one] "))
        #expect(machine.take(bytes("2")) == [.download(calm.preferring(calm.holders[1]), isMove: false)])
        #expect(calm.preferring(calm.holders[1]).holders.map(\.source.id) == [6, 5, 7])
    }

    @Test("[mission N4] move asks for the file to change hands")
    func moves() {
        var machine = machine(after: "move calm")
        let actions = machine.take(.found([content("calm")], owned: []))
        #expect(actions.last == .download(content("calm"), isMove: true))
    }

    @Test("what is here under another name is not fetched again")
    func otherName() {
        var machine = machine(after: "download calm")
        let actions = machine.take(.found([content("calm")], owned: [root(of: "calm")]))
        #expect(actions == [.say("you already have it, under another name\n"), .prompt("> ")])
    }

    @Test(
        "[mission A3] after EXIST the user chooses: download or skip",
        arguments: [("d", true), ("download", true), ("s", false), ("skip", false), ("", false)])
    func exists(line: String, isWanted: Bool) {
        var machine = machine(after: "check calm")
        #expect(machine.take(existence: true, of: bytes("calm")) == [.prompt("download or skip? [d/S] ")])
        let actions = machine.take(bytes(line))
        #expect(actions == (isWanted ? [.find(bytes("calm"))] : [.say("skipped\n"), .prompt("> ")]))
    }

    @Test("[mission A2] after NOT_EXIST there is nothing to choose")
    func existsNot() {
        var machine = machine(after: "check calm")
        #expect(machine.take(existence: false, of: bytes("calm")) == [.prompt("> ")])
    }

    @Test("[mission L4] check says which servers know a title")
    func existence() {
        let other = ServerAddress(host: "10.0.0.3", port: 8_888)
        let answer = GroupAnswer<Bool>(answers: [(Self.server, true), (other, false)], failures: [])
        #expect(
            MenuText.existence(answer, isSingle: false) == "EXIST  10.0.0.2:8888\nNOT_EXIST  10.0.0.3:8888\n")
        #expect(MenuText.existence(GroupAnswer(answers: [(other, true)], failures: []), isSingle: true) == "EXIST\n")
    }

    @Test("[mission L3] the list of all titles has each once, whichever servers know it, escaped")
    func titles() {
        let other = ServerAddress(host: "10.0.0.3", port: 8_888)
        let answer = GroupAnswer<[Bytes]>(
            answers: [(Self.server, [bytes("b"), bytes("a")]), (other, [bytes("a"), bytes("\u{1B}c")])], failures: [])
        #expect(MenuText.titles(answer.distinct) == "\\x1bc\na\nb\n")
    }
}
