import P2PProtocol
import TestSupport
import Testing

@Suite struct IndexUserTests {
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    private func user(_ words: [String], password: String? = nil) throws -> (code: Int32, text: String, errors: String)
    {
        let file = password == nil ? [] : ["--password-file", "/dev/stdin"]
        let arguments = ["user"] + words + file + ["--dir", scratch.file("state")]
        let result = try ChildProcess.run("index-server", arguments, input: Bytes((password ?? "").utf8))
        let text = String(decoding: result.output, as: UTF8.self)
        return (result.code, text, String(decoding: result.errors, as: UTF8.self))
    }

    @Test("accounts are kept without a server: added, listed, given another password, removed")
    func life() throws {
        #expect(try user(["list"]).text == "")
        #expect(try user(["add", "bob"], password: "swordfish\n").code == 0)
        #expect(try user(["add", "ann", "--admin"], password: "swordfish").code == 0)
        #expect(try user(["list"]).text == "ann admin\nbob member\n")
        #expect(
            try user(["list", "--json"]).text
                == #"[{"name":"ann","role":"admin","devices":0},{"name":"bob","role":"member","devices":0}]"# + "\n")
        #expect(try user(["passwd", "bob"], password: "another one\r\n").code == 0)
        #expect(try user(["remove", "bob"]).code == 0)
        #expect(try user(["list"]).text == "ann admin\n")
    }

    @Test("what is wrong is said, never with the password in it")
    func faults() throws {
        #expect(try user(["add", "ann"], password: "swordfish").code == 0)
        for (words, password, code, message) in [
            (["add", "ann"], "SECRETCANARY", 1, "there is an account 'ann' already"),
            (["remove", "bob"], nil, 1, "there is no account 'bob'"),
            (["passwd", "bob"], "SECRETCANARY", 1, "there is no account 'bob'"),
            (["add", "cid"], "CANARY", 1, "a password has 8 to 1024 bytes"),
            (["add", "a b"], "SECRETCANARY", 64, "an account's name is"),
            (["add", "cid"], nil, 64, "give --password-file"),
            (["add"], nil, 64, "name of an account"),
            (["frobnicate"], nil, 64, "add, remove, passwd or list"),
        ] as [([String], String?, Int32, String)] {
            let result = try user(words, password: password)
            #expect(result.code == code && result.errors.contains(message), "\(words): \(result)")
            #expect(!result.errors.contains("CANARY") && !result.text.contains("CANARY"))
        }
    }
}
