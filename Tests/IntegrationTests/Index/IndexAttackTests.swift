import P2PProtocol
import TestSupport
import Testing

/// Hostile bytes at the real socket. In each test another client must go on getting its answers.
@Suite struct IndexAttackTests {
    @Test("[attack A1] empty lines, NUL and silence are survived; the connection can be used")
    func emptiness() throws {
        try IndexFixture.runBesideCanary { index, _ in
            for bytes in ["\r\n", "\n", "\n\n\n", "   \r\n", "\0", "\0\r\n", "*0\r\n", "*-1\r\n", "P"] {
                let client = try index.client()
                // The line break ends what was begun; a command follows.
                client.send(Bytes(bytes.utf8))
                client.type("\nECHO still-here")
                while try client.reply().text != "\"still-here\"" {}
            }
        }
    }

    @Test(
        "[attack A2] an endless line is cut off at the limit with one error",
        arguments: [
            (64 << 10) + 1, 10 << 20,
        ])
    func endlessLine(_ count: Int) throws {
        try IndexFixture.runBesideCanary { index, before in
            let client = try index.client()
            let start = TestClock.now
            client.send(Bytes(repeating: UInt8(ascii: "y"), count: count))
            let end = client.end(within: 5)
            #expect(
                end.map { String(decoding: $0, as: UTF8.self) } == "-ERR Protocol error: too big inline request\r\n")
            #expect(TestClock.now - start < 5)
            #expect(try index.peakKiB - before < 8 << 10)
        }
    }

    @Test("[attack A2] a line of just the limit is answered")
    func longestLine() throws {
        try IndexFixture.runBesideCanary { index, _ in
            let client = try index.client()
            client.send(
                Bytes("ECHO ".utf8) + Bytes(repeating: UInt8(ascii: "y"), count: (64 << 10) - 5) + Bytes("\n".utf8))
            #expect(try client.reply().bytes?.count == (64 << 10) - 5)
            #expect(try client.ask("PING").text == "+PONG")
        }
    }

    static let numbers = [
        "-2", "-10", "2147483648", "4294967295", "4294967296", "9223372036854775807", "9223372036854775808",
        "18446744073709551616", "99999999999999999999", "1099511627776", "+5", "0x10", "５", "007", "", " 1", "1 ",
        "1e3",
        "--1", "-", "1\n",
    ]

    @Test(
        "[attack A3] a count or a length that is no number in range closes the connection; nothing is allocated from it"
    )
    func numbers() throws {
        try IndexFixture.runBesideCanary { index, before in
            for number in Self.numbers {
                for (start, fault) in [("*", "multibulk"), ("*2\r\n$4\r\nECHO\r\n$", "bulk")] {
                    let client = try index.client()
                    client.send(Bytes("\(start)\(number)\r\nPING\r\n".utf8))
                    let end = client.end(within: 5).map { String(decoding: $0, as: UTF8.self) }
                    #expect(end == "-ERR Protocol error: invalid \(fault) length\r\n", "\(start)\(number)")
                }
            }
            #expect(try index.peakKiB - before < 4 << 10)
        }
    }

    @Test(
        "[attack A4] what is declared and never comes costs no memory",
        arguments: [
            "*1000\r\n$1\r\na\r\n$1\r\nb\r\n$1\r\nc\r\n", "*65536\r\n", "*1\r\n$16000000\r\nabc",
            "*2\r\n$4\r\nECHO\r\n$1",
        ])
    func declared(_ beginning: String) throws {
        try IndexFixture.runBesideCanary { index, before in
            let clients = try (0..<300).map { _ in try index.client() }
            for client in clients { client.send(Bytes(beginning.utf8)) }
            let last = try index.client()
            #expect(try last.ask("PING").text == "+PONG")
            try TestClock.wait(for: "all connections") {
                try last.ask("INFO clients").text.contains("connected_clients:302")
            }
            #expect(try index.peakKiB - before < 300 * 16 + 2_048)
        }
    }

    /// Commands whose replies do not depend on when they are asked.
    static let session = Bytes(
        ("PING\r\n*2\r\n$4\r\nECHO\r\n$7\r\na\r\nb\r\n\0\r\n\r\nSEARCH \"a phrase\" -not phr* LIMIT 3\r\nFOO 'x y'\n"
            + "*3\r\n$5\r\ncheck\r\n$4\r\nCalm\r\n$3\r\nSea\r\n*0\r\n*1\r\n$4\r\nPING\r\nUPD DEL x\nSELECT 1\nHELLO 3 SETNAME n\n"
            + "LIST\r\nCLIENT GETNAME\r\n*2\r\n$9\r\nSUBSCRIBE\r\n$8\r\nsearch:x\r\nPING\r\nUNSUBSCRIBE\r\nQUIT\r\nPING\r\n")
            .utf8)

    @Test("[attack A5] [attack A6] a session cut at any byte, or sent byte by byte, gets the same replies")
    func cuts() throws {
        try IndexFixture.runBesideCanary { index, _ in
            let sharer = try index.sharer(["Calm Sea", "a phrase here"])
            let whole = try Self.answers(index, [Self.session])
            #expect(whole.hasPrefix("+PONG\r\n$7\r\na\r\nb\r\n\0\r\n*3\r\n:1\r\n") && whole.hasSuffix("+OK\r\n"))
            #expect(try Self.answers(index, Self.session.map { [$0] }) == whole)
            for cut in 1..<Self.session.count {
                let parts = [Bytes(Self.session[..<cut]), Bytes(Self.session[cut...])]
                #expect(try Self.answers(index, parts) == whole, "cut at \(cut)")
            }
            withExtendedLifetime(sharer) {}
        }
    }

    @Test("[attack A5] what follows a whole command is the next command, never part of the first")
    func remainder() throws {
        try IndexFixture.runBesideCanary { index, _ in
            let client = try index.client()
            client.send(Bytes("*2\r\n$4\r\nECHO\r\n$1\r\na\r\n$1\r\nb\r\nPING\r\n".utf8))
            #expect(try client.reply().text == "\"a\"")
            #expect(try client.reply().text.hasPrefix("-ERR unknown command '$1'"))
            #expect(try client.reply().text.hasPrefix("-ERR unknown command 'b'"))
            #expect(try client.reply().text == "+PONG")
        }
    }

    @Test(
        "[attack A7] [attack A8] a client that asks and never reads is not read from; when it does read, nothing is missing",
        arguments: ["ECHO", "SEARCH"])
    func deafReader(_ verb: String) throws {
        try IndexFixture.runBesideCanary { index, before in
            // A query too long is an error; the echoes are more than the kernel buffers.
            let text = Bytes(repeating: UInt8(ascii: "x"), count: verb == "ECHO" ? 8_000 : 2_100)
            let questions = verb == "ECHO" ? 4_000 : 1_000
            let all = Bytes((0..<questions).flatMap { _ in WireClient.array([Bytes(verb.utf8), text]) })
            let deaf = try (0..<3).map { _ in try WireClient(port: index.port, receiveBuffer: 4_096) }
            for client in deaf { client.send(all, within: 0.2) }
            let slow = try WireClient(port: index.port, receiveBuffer: 1 << 16)
            var sent = slow.send(all, within: 0.2)
            let canary = try index.client()
            #expect(try canary.ask("PING").text == "+PONG")
            #expect(try index.peakKiB - before < 4 * 1_024 + 2_048)
            #expect(verb == "SEARCH" || sent < all.count)
            var answered = 0
            while answered < questions {
                if sent < all.count { sent += slow.send(Bytes(all[sent...].prefix(1 << 20)), within: 0) }
                let answer = try slow.reply()
                guard verb == "SEARCH" ? answer.errorLine != nil : answer.bytes == text else { break }
                answered += 1
            }
            #expect(answered == questions)
        }
    }

    @Test(
        "[attack A20] arrays nested a hundred thousand deep end in an error, not in a crash",
        arguments: ["*1\r\n", "[", "{"])
    func nesting(_ unit: String) throws {
        try IndexFixture.runBesideCanary { index, _ in
            let client = try index.client()
            client.send(Bytes(String(repeating: unit, count: 100_000).utf8))
            client.finishWriting()
            #expect(client.end(within: 5)?.starts(with: Bytes("-ERR ".utf8)) == true)
        }
    }

    @Test("[attack A10] connections that come and go with a reset leave nothing behind")
    func storm() throws {
        try IndexFixture.runBesideCanary { index, before in
            // The last files are opened when it listens already.
            let files = index.scratch.file("state")
            try TestClock.wait(for: "files open") { ScratchFolder.exists(files + "/lists.sqlite-shm") }
            let descriptors = index.openDescriptors
            for round in 0..<500 {
                let client = try index.client()
                if round % 3 == 1 { client.type("REG * * 9001 NAMES a") }
                if round % 3 == 2 { client.send(Bytes("*3\r\n$5".utf8)) }
                client.abort()
            }
            try index.wait(for: "INFO") {
                $0.text.contains("connected_clients:2\r\n") && $0.text.contains("peers:0\r\nentries:0\r\n")
            }
            #expect(try index.residentKiB - before < 16 << 10)
            try TestClock.wait(for: "all descriptors back") { index.openDescriptors <= descriptors }
        }
    }

    // MARK: -

    private static func answers(_ index: IndexFixture, _ parts: [Bytes]) throws -> String {
        let client = try index.client()
        for part in parts { client.send(part) }
        guard let bytes = client.end(within: 10) else { throw TestFailure("not closed") }
        return String(decoding: bytes, as: UTF8.self).replacing(#/id\r\n:\d+/#, with: "ID")
    }
}
