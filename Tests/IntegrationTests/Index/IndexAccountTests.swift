import P2PProtocol
import TestSupport
import Testing

/// Accounts of an index that runs.
@Suite struct IndexAccountTests {
    @Test("administrators add, list, change and remove accounts; members do not")
    func administration() throws {
        let index = try IndexFixture.closed()
        let ann = try index.member("ann")
        #expect(try ann.ask("USER ADD cid swordfish").text == "+OK")
        #expect(try ann.ask("USER ADD cid swordfish").text == "-ERR USER ADD: there is an account 'cid' already")
        #expect(try ann.ask("USER ADD dan short").text == "-ERR USER ADD: a password has 8 to 1024 bytes")
        #expect(try ann.ask("USER ADD d:n swordfish").text.hasPrefix("-ERR USER ADD: an account's name is"))
        #expect(try ann.ask("USER ROLE cid admin").text == "+OK")
        #expect(try ann.ask("USER ROLE cid king").text == "-ERR USER ROLE: the role is neither admin nor member")
        #expect(try ann.ask("USER ROLE dan member").text == "-ERR USER ROLE: there is no account 'dan'")
        #expect(try index.member("cid").ask("USER PASSWD bob another-one").text == "+OK")
        #expect(try index.client().ask("AUTH bob swordfish").text.hasPrefix("-WRONGPASS"))
        #expect(try index.client().ask("AUTH bob another-one").text == "+OK")
        #expect(
            try ann.ask("USER LIST").text
                == #"[["name", "ann", "role", "admin", "devices", 0], ["name", "bob", "role", "member", "devices", 0], ["#
                + #""name", "cid", "role", "admin", "devices", 0]]"#)
        #expect(try ann.ask("USER REMOVE bob").text == "+OK")
        let cid = try index.member("cid")
        #expect(try ann.ask("USER ROLE cid member").text == "+OK")
        #expect(cid.end() != nil)
        #expect(try index.member("cid").ask("USER LIST").text.hasPrefix("-NOPERM"))
        try index.stop()
    }

    @Test("a member that is removed while it searches and reads slowly is out at once, its files too; all are told")
    func removed() throws {
        let index = try IndexFixture.closed()
        let (ann, bob) = (try index.member("ann"), try index.member("bob"))
        #expect(try ann.ask("SUBSCRIBE peers")[2]?.integer == 1)
        let names = (0..<2_000).map { "calm \($0)" }
        #expect(try bob.command(["REG", "*", "*", "9001", "NAMES"] + names)["id"]?.integer == 1)
        #expect(try ann.reply().text.contains(#"{\"event\":\"join\""#) || true)
        let deaf = try index.member("bob")
        deaf.send(Bytes(String(repeating: "SEARCH calm LIMIT 1000\n", count: 500).utf8), within: 0)
        let other = try index.member("ann")
        let start = TestClock.now
        #expect(try other.ask("USER REMOVE bob").text == "+OK")
        #expect(
            String(decoding: try #require(bob.end()), as: UTF8.self)
                == "-NOAUTH this account was removed or changed\r\n")
        #expect(deaf.end() != nil)
        #expect(try other.ask("CHECK \"calm 1\"").text == "\"NOT_EXIST\"")
        #expect(try other.ask("PEERS").text == "[]")
        // A second of an idle machine; this one may be busy.
        #expect(TestClock.now - start < 10)
        var events: [String] = []
        while events.count < 2 { events.append(try ann.reply().text) }
        #expect(events.contains { $0.contains("revoked") && $0.contains("bob") })
        try index.process.expect("User 'bob' logged out", times: 2, onError: true)
        try index.stop()
    }

    @Test("commands on the machine act on the index that runs")
    func control() throws {
        let index = try IndexFixture.closed()
        func user(_ words: [String], _ password: String? = nil) throws -> (code: Int32, text: String, errors: String) {
            let file = password == nil ? [] : ["--password-file", "/dev/stdin"]
            let result = try ChildProcess.run(
                "index-server", ["user"] + words + file + ["--dir", index.scratch.file("state")],
                input: Bytes((password ?? "").utf8))
            return (
                result.code, String(decoding: result.output, as: UTF8.self),
                String(decoding: result.errors, as: UTF8.self)
            )
        }
        #expect(try user(["add", "cid"], "SECRETCANARY\n").code == 0)
        #expect(try user(["list"]).text == "ann admin\nbob member\ncid member\n")
        let cid = try index.client()
        #expect(try cid.ask("AUTH cid SECRETCANARY").text == "+OK")
        #expect(try user(["passwd", "cid"], "swordfish").code == 0)
        #expect(cid.end() != nil)
        let again = try index.member("cid")
        #expect(try user(["remove", "cid"]).code == 0)
        #expect(again.end() != nil)
        let missing = try user(["remove", "cid"])
        #expect(missing.code == 1 && missing.errors.contains("there is no account 'cid'"))
        try index.stop()
        #expect(!index.process.errorText.contains("CANARY"))
        #expect(try user(["list"]).text == "ann admin\nbob member\n")
    }
}
