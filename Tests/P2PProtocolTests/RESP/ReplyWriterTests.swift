import P2PProtocol
import Testing

@Suite struct ReplyWriterTests {
    struct Golden: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let two: String
        let three: String
        let write: @Sendable (inout ReplyWriter) -> Void

        init(
            _ name: String, _ two: String, _ three: String? = nil,
            write: @escaping @Sendable (inout ReplyWriter) -> Void
        ) {
            (testDescription, self.two, self.three, self.write) = (name, two, three ?? two, write)
        }
    }

    static let goldens = [
        Golden("simple", "+OK\r\n") { $0.simple("OK") },
        Golden("error", "-ERR no\r\n") { $0.error(WireError("no")) },
        Golden("error with prefix", "-NOPERM no\r\n") { $0.error(WireError("no", prefix: "NOPERM")) },
        Golden("error on one line", "-ERR a  b c d\r\n") { $0.error(WireError("a\r\nb\u{0}c\u{7F}d")) },
        Golden("integer", ":-7\r\n") { $0.integer(-7) },
        Golden("bulk", "$3\r\na\r\n\r\n") { $0.bulk(Bytes("a\r\n".utf8)) },
        Golden("empty bulk", "$0\r\n\r\n") { $0.bulk(Bytes()) },
        Golden("literal bulk", "$5\r\nEXIST\r\n") { $0.bulk("EXIST") },
        Golden("number as bulk", "$2\r\n42\r\n") { $0.bulk(decimal: 42) },
        Golden("digest", "$64\r\n" + String(repeating: "0", count: 63) + "1\r\n") {
            $0.bulk(hex: Digest(words: (0, 0, 0, 1)))
        },
        Golden("null", "$-1\r\n", "_\r\n") { $0.null() },
        Golden("true", ":1\r\n", "#t\r\n") { $0.boolean(true) },
        Golden("false", ":0\r\n", "#f\r\n") { $0.boolean(false) },
        Golden("double", "$3\r\n1.5\r\n", ",1.5\r\n") { $0.double(1.5) },
        Golden("infinity", "$4\r\n-inf\r\n", ",-inf\r\n") { $0.double(-.infinity) },
        Golden("not a number", "$3\r\nnan\r\n", ",nan\r\n") { $0.double(.nan) },
        Golden("verbatim", "$2\r\nhi\r\n", "=6\r\ntxt:hi\r\n") { $0.verbatim(Bytes(ascii: "hi")) },
        Golden("array", "*2\r\n:1\r\n*0\r\n") {
            $0.array(2)
            $0.integer(1)
            $0.array(0)
        },
        Golden("map", "*4\r\n", "%2\r\n") { $0.map(2) },
        Golden("set", "*2\r\n", "~2\r\n") { $0.set(2) },
        Golden("push", "*3\r\n", ">3\r\n") { $0.push(3) },
    ]

    @Test("writes each value as the version has it", arguments: goldens)
    func golden(golden: Golden) {
        for (version, expected) in [(RESPVersion.two, golden.two), (.three, golden.three)] {
            var writer = ReplyWriter(version: version)
            golden.write(&writer)
            #expect(String(decoding: writer.output.bytes, as: UTF8.self) == expected)
        }
    }
}
