import P2PProtocol
import Testing

@Suite struct InlineLineTests {
    static let lines: [(line: String, arguments: [String])] = [
        ("PING", ["PING"]),
        ("  PING\t a  b ", ["PING", "a", "b"]),
        ("SEARCH I Don't Like You Anymore", ["SEARCH", "I", "Don't", "Like", "You", "Anymore"]),
        ("SEARCH 5\"disk", ["SEARCH", "5\"disk"]),
        ("SEARCH name:\"exact name\"", ["SEARCH", "name:\"exact", "name\""]),
        ("ECHO \"a b\"", ["ECHO", "a b"]),
        ("ECHO \"\"", ["ECHO", ""]),
        ("ECHO ''", ["ECHO", ""]),
        ("ECHO 'a \"b\" c'", ["ECHO", "a \"b\" c"]),
        ("ECHO \"it's\"", ["ECHO", "it's"]),
        ("ECHO 'it\\'s'", ["ECHO", "it's"]),
        ("ECHO 'a\\nb'", ["ECHO", "a\\nb"]),
        ("ECHO \"\\x41\\x6a\\x6A\"", ["ECHO", "Ajj"]),
        ("ECHO \"\\n\\r\\t\\b\\a\\\\\\\"\"", ["ECHO", "\n\r\t\u{8}\u{7}\\\""]),
        ("ECHO \"\\q\\xZZ\\x4\"", ["ECHO", "qxZZx4"]),
        ("ECHO a\\nb", ["ECHO", "a\\nb"]),
        ("ECHO \u{E9}t\u{E9}", ["ECHO", "\u{E9}t\u{E9}"]),
        ("ECHO \"a\" 'b' c", ["ECHO", "a", "b", "c"]),
    ]

    @Test("splits a typed line as a person means it", arguments: lines)
    func split(line: String, arguments: [String]) {
        #expect(CommandFeeding(line + "\r\n").texts == [arguments])
        #expect(CommandFeeding(line + "\n").texts == [arguments])
    }
}
