import P2PProtocol
import TestSupport
import Testing

@Suite struct IndexInvitationTests {
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    private static func invite(_ name: String, _ flags: [String] = [], at index: IndexFixture) throws -> String {
        let result = try ChildProcess.run(
            "index-server", ["invite", name] + flags + ["--dir", index.scratch.file("state")])
        guard result.code == 0 else { throw TestFailure(String(decoding: result.errors, as: UTF8.self)) }
        return String(decoding: result.output.dropLast(), as: UTF8.self)
    }

    private func peer(_ words: [String]) throws -> (code: Int32, text: String, complaints: String) {
        try PeerFixture.run(words + ["--dir", scratch.file("cid")], in: scratch.file("cid"))
    }

    @Test("an invitation is one line, lets a new member in by a key of its own, and works once")
    func joins() throws {
        scratch.folder("cid")
        let index = try IndexFixture.closed()
        let line = try Self.invite("cid", at: index)
        let identity = try index.fingerprint
        #expect(line.hasPrefix("rookery-join:127.0.0.1:\(index.port)/\(identity)/cid/"))
        let joined = try peer(["join", line])
        #expect(joined.code == 0 && joined.text == "joined 127.0.0.1:\(index.port) as cid\n", "\(joined)")
        try index.process.expect("user.joined", onError: true)
        // Without a password, again and again.
        for _ in 0..<2 {
            let complaints = try peer(["list"]).complaints
            #expect(complaints == "")
        }
        let again = try peer(["join", line])
        #expect(again.code == 1 && again.complaints.contains("not good any more, but this device has joined before"))
        let other = try PeerFixture.run(["join", line, "--dir", scratch.file("dan")], in: scratch.file("dan"))
        #expect(other.code == 1 && other.complaints.contains("not good any more: ask for another one"))
        // Nor does a line for the same place with another certificate take the good key away.
        let parts = line.split(separator: "/").map(String.init)
        let forged = "\(parts[0])/\(String(repeating: "ab", count: 32))/cid/\(parts[3])"
        #expect(try peer(["join", forged]).code == 1)
        // What was got before still lets in.
        #expect(try peer(["list"]).complaints == "")
        let listing = try index.member("ann").ask("USER LIST").text
        #expect(listing.contains(#"["name", "cid", "role", "member", "devices", 1]"#))
        #expect(!index.process.errorText.contains(try #require(line.split(separator: "/").last)))
        try index.stop()
    }

    @Test("[attack A22] a code that is wrong, for somebody else, too old or spent gets the answer of a wrong password")
    func indistinguishable() throws {
        let index = try IndexFixture.closed(limits: ["LOGIN_DELAY": "0"])
        let key = String(repeating: "ab", count: 32)
        let ann = try index.member("ann")
        let code = String(decoding: try #require(ann.ask("USER INVITE cid EXPIRES 60").bytes), as: UTF8.self)
        let old = String(decoding: try #require(ann.ask("USER INVITE cid EXPIRES 1").bytes), as: UTF8.self)
        let refusal = "-WRONGPASS invalid username-password pair or user is disabled."
        for (name, code) in [("cid", "00" + code.dropFirst(2)), ("bob", code), ("nobody", code), ("a:b", code)] {
            #expect(try index.client().ask("JOIN \(name) \(code) \(key)").text == refusal)
        }
        try TestClock.wait(for: "the end of a second") {
            // Each try spends a code that is still good, so only the last counts.
            try index.client().ask("JOIN cid \(old) \(key)").text == refusal
        }
        #expect(try index.client().ask("JOIN cid \(code) \(key)").text == "+OK")
        #expect(try index.client().ask("JOIN cid \(code) \(key)").text == refusal)
        // The key itself never travelled: its digest opens nothing.
        #expect(try index.client().ask("AUTH cid key:\(key)").text == refusal)
        try index.stop()
    }

    @Test("a crowd of members with keys is back at once after a restart")
    func crowd() throws {
        let count = Tool.isLongRun ? 1_000 : 100
        let index = try IndexFixture.closed()
        let ann = try index.member("ann")
        let keys = try (0..<count).map { number in
            let random = Noise.bytes(32, seed: UInt64(number))
            let key = try #require(DeviceKey(random: random))
            let code = String(decoding: try #require(ann.ask("USER INVITE user\(number)").bytes), as: UTF8.self)
            let hex = String(decoding: key.digest.hex, as: UTF8.self)
            #expect(try index.client().ask("JOIN user\(number) \(code) \(hex)").text == "+OK")
            return String(decoding: key.password, as: UTF8.self)
        }
        try index.stop()
        let second = try IndexFixture(["--accounts", "closed"], scratch: index.scratch)
        let ticks = try second.processorTicks
        for (number, key) in keys.enumerated() {
            #expect(try second.client().ask("AUTH user\(number) \(key)").text == "+OK")
        }
        // By passwords it would take a fifth of a second each.
        #expect(try second.processorTicks - ticks < count * 5)
        try second.stop()
    }
}
