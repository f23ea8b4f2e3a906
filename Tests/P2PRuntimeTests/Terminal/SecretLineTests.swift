import P2PProtocol
import P2PRuntime
import Testing

@Suite struct SecretLineTests {
    @Test(
        "a line that is not shown can be corrected, and be left",
        arguments: [
            ("secret\n", "secret"), ("secret\r", "secret"), ("\n", ""), ("ab\u{7F}c\n", "ac"), ("ab\u{8}c\n", "ac"),
            ("a\u{E9}\u{7F}b\n", "ab"), ("wrong\u{15}right\n", "right"), ("\u{7F}\u{7F}x\n", "x"),
            ("a\u{4}b\n", "a\u{4}b"),
            ("\u{3}", nil), ("abc\u{3}", nil), ("\u{4}", nil),
        ] as [(String, String?)])
    func keys(typed: String, line: String?) {
        let expected = line.map { SecretLine.Step.done(Bytes($0.utf8)) } ?? .cancelled
        // Ctrl-D counts only where nothing is typed; elsewhere it is a byte like others.
        #expect(Self.read(Bytes(typed.utf8)) == expected)
    }

    @Test("held keys fill no memory")
    func held() {
        let typed = Bytes(repeating: UInt8(ascii: "a"), count: 100_000) + [UInt8(ascii: "\n")]
        guard case .done(let line) = Self.read(typed) else {
            Issue.record("no line")
            return
        }
        #expect(line.count == 4_096)
    }

    private static func read(_ typed: Bytes) -> SecretLine.Step {
        var line = SecretLine()
        for byte in typed {
            let step = line.take(byte)
            if step != .more { return step }
        }
        return .more
    }
}
