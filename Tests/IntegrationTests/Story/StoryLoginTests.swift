import P2PProtocol
import TestSupport
import Testing

/// How members come in, as they see it.
@Suite struct StoryLoginTests {
    private let scratch: ScratchFolder
    private let index: IndexFixture

    init() throws {
        scratch = try ScratchFolder()
        scratch.folder("cid")
        index = try IndexFixture.closed(limits: ["LOGIN_DELAY": "0"])
    }

    @Test(
        "[mission L2] [mission L6] the menu asks for name and password; wrong ones are refused; the server says who comes and goes"
    )
    func menu() throws {
        let peer = try PeerFixture(nil, at: [index], in: scratch.file("cid"))
        try peer.process.expect("name: ")
        peer.process.type("bob")
        try peer.process.expect("password: ")
        peer.process.type("not-it-at-all")
        try peer.process.expect("name: ", times: 2)
        peer.process.type("bob")
        try peer.process.expect("password: ", times: 2)
        peer.process.type("swordfish")
        try peer.process.expect("a prompt") { $0.hasSuffix("\n> ") }
        #expect(peer.process.text.contains("registered successfully with id 1"))
        try index.process.expect("User 'bob' logged in", onError: true)
        #expect(!index.process.errorText.contains("User 'bob' logged out"))
        peer.process.type("exit")
        #expect(try peer.process.exitCode() == 0)
        try index.process.expect("User 'bob' logged out", onError: true)
        #expect(!(peer.process.text + peer.process.errorText).contains("swordfish"))
        try index.stop()
    }

    @Test("[mission L2] after three wrong passwords the program ends with code 1")
    func threeTimes() throws {
        let peer = try PeerFixture(nil, at: [index], in: scratch.file("cid"))
        for _ in 0..<3 {
            peer.process.type("bob")
            peer.process.type("not-it-at-all")
        }
        #expect(try peer.process.exitCode() == 1)
        #expect(peer.process.errorText.contains("no server lets us in"))
        try index.stop()
    }

    @Test("a peer with a password file is in; without one, commands say what to do and end with code 1")
    func files() throws {
        let password = try scratch.write("password", Bytes(ascii: "swordfish\n"))
        let known = ["--user", "bob", "--password-file", password]
        let peer = try PeerFixture.daemon(at: index, in: scratch.file("cid"), known)
        scratch.folder("dan")
        let dan = scratch.file("dan")
        #expect(try PeerFixture.run(["list"] + known, at: [index], in: dan).complaints == "")
        let stranger = try PeerFixture.run(["list"], at: [index], in: dan)
        #expect(stranger.code == 1)
        #expect(stranger.complaints.contains("it takes members only: peer join LINE"))
        let wrong = try scratch.write("wrong", Bytes(ascii: "not-it-at-all\n"))
        let refused = try PeerFixture.run(["list", "--user", "bob", "--password-file", wrong], at: [index], in: dan)
        #expect(refused.code == 1 && refused.complaints.contains("the name or the password is wrong"))
        let missing = try PeerFixture.run(
            ["list", "--user", "bob", "--password-file", "/nowhere"], at: [index], in: dan)
        #expect(missing.code == 1 && missing.complaints.contains("cannot read the password"))
        try peer.stop()
        try index.stop()
    }
}
