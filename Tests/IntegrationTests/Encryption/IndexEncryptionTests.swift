import Glibc
import P2PProtocol
import P2PRuntime
import TestSupport
import Testing

/// The index's port, spoken to by stock tools over TLS.
@Suite struct IndexEncryptionTests {
    @Test("redis-cli speaks to the index over TLS on the same port", .enabled(if: Tool.redisCLI.isInstalled))
    func redis() throws {
        try IndexFixture.run { index in
            let flags = ["--tls", "--cacert", index.scratch.file("state/identity.pem"), "-p", "\(index.port)"]
            // Often: the first command travels with the end of the handshake or behind it, as it happens.
            for _ in 0..<20 {
                let answer = try ChildProcess.run(Tool.redisCLI.path, flags + ["PING"])
                #expect(answer.output == Bytes("PONG\n".utf8))
            }
            let names = ["REG", "*", "*", "9001", "NAMES"] + (0..<5_000).map { "name \($0)" }
            let registered = try ChildProcess.run(Tool.redisCLI.path, flags + names)
            #expect(String(decoding: registered.output, as: UTF8.self).contains("5000"))
            #expect(try index.client().ask("PING").text == "+PONG")
        }
    }

    @Test("curl gets the index's pages over TLS", .enabled(if: Tool.curl.isInstalled))
    func pages() throws {
        try IndexFixture.run { index in
            let answer = try ChildProcess.run(
                Tool.curl.path, ["-sk", "--max-time", "20", "https://127.0.0.1:\(index.port)/healthz"])
            #expect(answer.output == Bytes("ok\n".utf8))
        }
    }

    @Test(
        "[attack A85] versions of TLS older than the configured one are refused",
        .enabled(if: Tool.openssl.isInstalled), arguments: [("1.3", 0), ("1.2", 1)])
    func versions(oldest: String, accepted: Int) throws {
        let scratch = try ScratchFolder()
        let path = try scratch.write("c.json", Bytes(#"{"index": {"oldestTLS": "\#(oldest)"}}"#.utf8))
        try IndexFixture.run(["--config", path]) { index in
            let client = ["s_client", "-connect", "127.0.0.1:\(index.port)", "-brief"]
            let codes = try ["-tls1_1", "-tls1_2", "-tls1_3"].map {
                try ChildProcess.run(Tool.openssl.path, client + [$0, "-cipher", "ALL:@SECLEVEL=0"]).code == 0
            }
            #expect(codes == [false, accepted == 1, true])
        }
    }

    @Test("[attack A87] a handshake that does not go on holds nobody up")
    func silent() throws {
        try IndexFixture.run { index in
            let stuck = try (0..<50).map { number in
                let client = try index.client()
                client.send(Bytes([0x16, 3, 1, 2, 0, 1, 0, 1, 0xFC, 3, 3].prefix(1 + number % 11)))
                return client
            }
            #expect(try index.client().ask("PING").text == "+PONG")
            withExtendedLifetime(stuck) {}
        }
    }

    @Test("the certificate stays over restarts; the user's own is taken; one that cannot be read is not replaced")
    func identity() throws {
        let first = try IndexFixture()
        let fingerprint = try first.fingerprint
        try first.stop()
        let second = try IndexFixture(scratch: first.scratch)
        #expect(try second.fingerprint == fingerprint)
        try second.stop()
        try first.scratch.write("state/identity.pem", Bytes("damaged".utf8))
        let broken = try ChildProcess("index-server", ["--port", "0", "--dir", first.scratch.file("state")])
        #expect(try broken.exitCode() != 0)
        #expect(broken.errorText.contains("identity.pem"))
    }
}

/// Certificates of the user's own, while the index runs.
@Suite struct IndexCertificateTests {
    private let scratch: ScratchFolder
    private let path: String

    init() throws {
        scratch = try ScratchFolder()
        path = scratch.file("own.pem")
    }

    private func write(days: Int = 30) throws {
        let texts = try TLSIdentity.make(name: "own", days: days).texts()
        try scratch.write("own.pem", texts.certificate + texts.key)
    }

    @Test("[attack A89] another certificate is taken at SIGHUP; one that is unreadable or has expired changes nothing")
    func reload() throws {
        try write()
        let index = try IndexFixture(scratch: scratch, environment: ["ROOKERY_INDEX_CERTIFICATE": path])
        let first = try index.fingerprint
        #expect(try index.shown == first)
        for attempt in 1...2 {
            if attempt == 1 { try scratch.write("own.pem", []) } else { try write(days: -1) }
            index.process.signal(SIGHUP)
            try index.process.expect("certificate.kept", times: attempt, onError: true)
            #expect(try index.shown == first)
        }
        #expect(index.process.errorText.contains("has expired"))
        try write()
        index.process.signal(SIGHUP)
        try index.process.expect("certificate.replaced", onError: true)
        #expect(try index.shown != first)
        try index.stop()
        try write(days: -1)
        let late = try ChildProcess(
            "index-server", ["--port", "0", "--dir", scratch.file("state")],
            environment: ["ROOKERY_INDEX_CERTIFICATE": path])
        #expect(try late.exitCode() == 1)
        #expect(late.errorText.contains("has expired"))
    }

    @Test(
        "[attack A90] a flood of handshakes keeps nobody from being answered", .enabled(if: Tool.openssl.isInstalled))
    func flood() throws {
        try IndexFixture.run { index in
            let seconds = Tool.isLongRun ? 60 : 3
            let flood = try (0..<2).map { _ in
                try ChildProcess(
                    Tool.openssl.path,
                    ["s_time", "-connect", "127.0.0.1:\(index.port)", "-new", "-time", "\(seconds)"])
            }
            let canary = try index.client()
            var answered = 0
            while flood.contains(where: \.isRunning) {
                #expect(try canary.ask("SEARCH nothing")[0]?.integer == 0)
                answered += 1
            }
            #expect(answered > 100)
            for process in flood { _ = try process.exitCode() }
        }
    }
}

extension IndexFixture {
    /// What it says of its certificate now.
    var shown: String {
        get throws {
            String(decoding: try client().ask("CONFIG GET fingerprint")[1]?.bytes ?? [], as: UTF8.self)
        }
    }

    /// By which its users know it.
    var fingerprint: String {
        get throws {
            try process.expect("fingerprint=", onError: true)
            let words = process.errorText.split(whereSeparator: { $0 == " " || $0 == "\n" })
            guard let word = words.first(where: { $0.hasPrefix("fingerprint=") }) else {
                throw TestFailure("no fingerprint")
            }
            return String(word.dropFirst("fingerprint=".count))
        }
    }
}
