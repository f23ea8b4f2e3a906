import Glibc
import P2PProtocol
import TestSupport
import Testing

@Suite struct IndexLoginTests {
    private static let wrong = "-WRONGPASS invalid username-password pair or user is disabled."
    private static let needed = "-NOAUTH Authentication required."

    @Test("a closed index answers nothing before a login, in Redis's words, and everything after it")
    func closed() throws {
        let index = try IndexFixture.closed()
        for line in ["PING", "SEARCH calm", "REG * * 9001 NAMES a", "INFO", "CONFIG GET *", "SUBSCRIBE peers"] {
            #expect(try index.client().ask(line).text == Self.needed, "\(line)")
        }
        #expect(
            try index.client().ask("HELLO 3").text.hasPrefix("-NOAUTH HELLO must be called with the client already"))
        let client = try index.client()
        #expect(try client.ask("AUTH swordfish").text == Self.wrong)
        #expect(try client.ask("AUTH bob swordfisk").text == Self.wrong)
        #expect(try client.ask("AUTH bob swordfish").text == "+OK")
        #expect(try client.ask("CHECK a").text == "\"NOT_EXIST\"")
        let three = try index.client()
        let greeting = try three.ask("HELLO 3 AUTH bob swordfish SETNAME walrus")
        #expect(greeting["proto"]?.integer == 3)
        #expect(try three.ask("CLIENT LIST").text.contains("name=walrus"))
        #expect(try three.ask("CLIENT LIST").text.contains("user=bob"))
        #expect(try three.ask("RESET").text == "+RESET")
        #expect(try three.ask("PING").text == Self.needed)
        try index.stop()
    }

    @Test("[mission L2] [mission L6] the server says who logs in and out, and never a password")
    func lines() throws {
        let index = try IndexFixture.closed(limits: ["LOGIN_DELAY": "0"])
        let client = try index.client()
        #expect(try client.ask("AUTH bob SECRETCANARY").text == Self.wrong)
        #expect(try client.ask("AUTH SECRETCANARY swordfish").text == Self.wrong)
        #expect(try client.ask("AUTH bob swordfish").text == "+OK")
        try index.process.expect("User 'bob' logged in", onError: true)
        #expect(try client.ask("QUIT").text == "+OK")
        try index.process.expect("User 'bob' logged out", onError: true)
        try index.stop()
        #expect(!index.process.errorText.contains("CANARY") && !index.process.errorText.contains("swordfish"))
    }

    @Test("commands sent along with a login are answered after it, in their order")
    func pipelined() throws {
        let index = try IndexFixture.closed()
        let client = try index.client()
        client.send(Bytes(ascii: "HELLO 3 AUTH bob swordfish\nPING\nCHECK a\n"))
        #expect(try client.reply()["proto"]?.integer == 3)
        #expect(try client.reply().text == "+PONG")
        #expect(try client.reply().text == "\"NOT_EXIST\"")
        try index.stop()
    }

    @Test("what administrators do takes an administrator's account")
    func administrators() throws {
        let index = try IndexFixture.closed()
        let (bob, ann) = (try index.member("bob"), try index.member("ann"))
        #expect(try bob.ask("CONFIG SET maxclients 5000").text.hasPrefix("-NOPERM"))
        #expect(try bob.ask("KICK 1").text.hasPrefix("-NOPERM"))
        #expect(try ann.ask("CONFIG SET maxclients 5000").text == "+OK")
        try index.stop()
    }

    @Test("[attack A8] who has not logged in is told of three errors, in few bytes, and then is gone")
    func errors() throws {
        let index = try IndexFixture.closed()
        let client = try index.client()
        client.send(Bytes(String(repeating: "GET x\n", count: 1_000).utf8))
        let answer = try #require(client.end())
        #expect(answer.count { $0 == UInt8(ascii: "\n") } == 3)
        #expect(answer.count < 1_024)
        for command in [
            "*11\r\n" + String(repeating: "$1\r\na\r\n", count: 11), "*2\r\n$4\r\nAUTH\r\n$16385\r\n",
            "*1\r\n$1000000\r\n", "*100000\r\n", String(repeating: "x", count: 20_000),
        ] {
            let client = try index.client()
            client.send(Bytes(command.utf8))
            let answer = try #require(client.end(), "\(command.prefix(20))")
            #expect(answer.starts(with: Bytes(ascii: "-ERR Protocol error")))
        }
        #expect(try index.reached("errorsBeforeLogin") == 0, "metrics need an account")
        try index.process.expect("limit=errorsBeforeLogin", onError: true)
        try index.stop()
    }

    @Test("[attack A8] replies that nobody reads are few before a login")
    func deaf() throws {
        let index = try IndexFixture.closed(limits: ["LOGIN": "1"])
        let before = try index.residentKiB
        let flood = Bytes(String(repeating: "RESET\n", count: 20_000).utf8)
        let deaf = try (0..<40).map { _ in
            let client = try WireClient(port: index.port, receiveBuffer: 4_096)
            client.send(flood, within: 0)
            return client
        }
        try index.process.expect("limit=login", onError: true)
        #expect(try index.peakKiB - before < 40 * 32 + 8 << 10)
        withExtendedLifetime(deaf) {}
        try index.stop()
    }

    @Test("[attack A8] who never rests has no longer to log in than who is silent")
    func restless() throws {
        let index = try IndexFixture.closed(limits: ["LOGIN": "1"])
        let client = try index.client()
        try TestClock.wait(for: "the end of who resets without end") {
            client.send(Bytes(String(repeating: "RESET\n", count: 100).utf8), within: 0)
            client.take(4_096)
            return try index.process.hasSaid("limit=login")
        }
        #expect(client.end() != nil)
        try index.stop()
    }

    @Test("[attack A9] connections that do not log in are closed in time, silent or not; members stay")
    func silent() throws {
        let index = try IndexFixture.closed(limits: ["LOGIN": "1"])
        let member = try index.member()
        let silent = try (0..<200).map { _ in try index.client() }
        for (number, client) in silent.enumerated() where number % 4 > 0 {
            client.send(Bytes(["", "*2\r\n$4\r\nAUTH", "GET / HTTP/1.1\r\n", "RESET\n"][number % 4].utf8))
        }
        for client in silent { #expect(client.end() != nil) }
        #expect(try member.ask("PING").text == "+PONG")
        try index.stop()
    }

    @Test("pages take an account too, the password with each request; only /healthz tells anybody")
    func pages() throws {
        let index = try IndexFixture.closed(limits: ["LOGIN_DELAY": "0"])
        func ask(_ path: String, _ login: String? = nil) throws -> String {
            let client = try index.client()
            let field = login.map {
                "Authorization: Basic \(String(decoding: Base64.standard.encode(Bytes($0.utf8)), as: UTF8.self))\r\n"
            }
            client.send(
                Bytes("GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\(field ?? "")\r\n".utf8))
            return String(decoding: try #require(client.end()), as: UTF8.self)
        }
        #expect(try ask("/healthz").hasPrefix("HTTP/1.1 200"))
        for path in ["/", "/?q=x", "/metrics", "/api/v1/stats", "/api/v1/search?q=x", "/nothing"] {
            let refusal = try ask(path)
            #expect(refusal.hasPrefix("HTTP/1.1 401"), "\(path)")
            #expect(refusal.contains("WWW-Authenticate: Basic realm=\"Rookery\""))
            #expect(try ask(path, "bob:swordfisk") == refusal)
        }
        #expect(try ask("/metrics", "bob:swordfish").contains("rookery_index_logins_total{result=\"welcome\"} 1"))
        // The second time it is known, and not compared again.
        #expect(try ask("/metrics", "bob:swordfish").contains("rookery_index_logins_total{result=\"welcome\"} 1"))
        #expect(try ask("/api/v1/stats", "bob:swordfish").hasPrefix("HTTP/1.1 200"))
        try index.stop()
    }

    @Test("an open index knows its accounts too, and lets everybody in")
    func open() throws {
        let scratch = try ScratchFolder()
        try IndexFixture.add("ann", ["--admin"], in: scratch)
        let index = try IndexFixture(scratch: scratch)
        let client = try index.client()
        #expect(try client.ask("AUTH ann swordfisk").text == Self.wrong)
        #expect(try client.ask("PING").text == "+PONG")
        #expect(try client.ask("AUTH anything").text == "+OK")
        #expect(try index.member("ann").ask("CLIENT LIST").text.contains("user=ann"))
        try index.stop()
    }
}
