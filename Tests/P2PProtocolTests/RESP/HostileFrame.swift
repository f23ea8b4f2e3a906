import P2PProtocol
import Testing

/// Bytes that no honest client sends, and what must follow.
struct HostileFrame: Sendable, CustomTestStringConvertible {
    enum Outcome: Equatable, Sendable {
        /// The connection ends, with this in the error.
        case refused(String)
        /// Nothing yet: the rest may still make sense of it.
        case waits
        /// That many commands, none of them harmful.
        case commands(Int)
    }

    let attack: String
    let bytes: Bytes
    let outcome: Outcome

    init(_ attack: String, _ text: String, _ outcome: Outcome) {
        (self.attack, self.bytes, self.outcome) = (attack, Bytes(text.utf8), outcome)
    }

    init(_ attack: String, _ bytes: Bytes, _ outcome: Outcome) {
        (self.attack, self.bytes, self.outcome) = (attack, bytes, outcome)
    }

    var testDescription: String {
        "\(attack) \(String(decoding: bytes.prefix(40), as: UTF8.self).debugDescription)"
    }

    private static let count = "invalid multibulk length"
    private static let length = "invalid bulk length"
    private static let quotes = "unbalanced quotes"

    /// What may stand where a number should, and cannot be one.
    static let badNumbers = [
        "-10", "-2", "-0", "-01", "--1", "2147483648", "4294967295", "4294967296", "9223372036854775807",
        "9223372036854775808", "18446744073709551615", "18446744073709551616", "99999999999999999999",
        "1099511627776", "+5", "0x10", "\u{FF15}", "05", "00", "-", "", " 1", "1 ", "1e3", "1.0", "a", "\t1", "1\u{0}",
    ]

    static let numbers: [HostileFrame] =
        badNumbers.map { HostileFrame("A3", "*\($0)\r\n", .refused(count)) }
        + badNumbers.map { HostileFrame("A3", "*1\r\n$\($0)\r\n", .refused(length)) }
        + [
            HostileFrame("A3", "*65537\r\n", .refused(count)),
            HostileFrame("A3", "*65537", .refused(count)),
            HostileFrame("A3", "*65536\r\n", .waits),
            HostileFrame("A3", "*1\r\n$-1\r\n", .refused(length)),
            HostileFrame("A3", "*1\r\n$16777217\r\n", .refused(length)),
            HostileFrame("A3", "*1\r\n$16777216\r\n", .refused("longer than 16777216 bytes")),
            HostileFrame("A3", "*1\r\n$16777200\r\n", .refused("longer than 16777216 bytes")),
            HostileFrame("A3", "*0\r\n*-1\r\n*0\r\nPING\r\n", .commands(1)),
        ]

    static let framing: [HostileFrame] = [
        HostileFrame("A1", "", .waits),
        HostileFrame("A1", "\r\n", .commands(0)),
        HostileFrame("A1", "\n\n\n", .commands(0)),
        HostileFrame("A1", "\r\nPING\r\n", .commands(1)),
        HostileFrame("A1", "  \t \r\n", .commands(0)),
        HostileFrame("A1", "\u{0}", .waits),
        HostileFrame("A1", "\u{0}\r\nPING\r\n", .commands(2)),
        HostileFrame("A1", "x", .waits),
        HostileFrame("A1", "*", .waits),
        HostileFrame("A1", "*1\r", .waits),
        HostileFrame("A1", "$", .waits),
        HostileFrame("A1", "*1\n", .refused(count)),
        HostileFrame("A1", "*1\r*", .refused(count)),
        HostileFrame("A1", "*1\r\n$4\rPING\r\n", .refused(length)),
        HostileFrame("A1", "*1\r\n$4\n", .refused(length)),
        HostileFrame("A1", "*1\r\nPING\r\n", .refused("expected '$', got 'P'")),
        HostileFrame("A1", "*1\r\n\u{1}", .refused("expected '$', got '\\x01'")),
        HostileFrame("A1", "*1\r\n*1\r\n", .refused("expected '$', got '*'")),
        HostileFrame("A1", "*1\r\n:4\r\n", .refused("expected '$', got ':'")),
        HostileFrame("A1", "*1\r\n\r\n", .refused("expected '$', got '\\x0d'")),
        HostileFrame("A1", "*1\r\n$4\r\nPINGx", .waits),
        HostileFrame("A1", "*1\r\n$4\r\nPINGxx", .refused("bulk string")),
        HostileFrame("A1", "*1\r\n$4\r\nPING\n\n", .refused("bulk string")),
        HostileFrame("A1", "*1\r\n$4\r\nPING\r\r", .refused("bulk string")),
        HostileFrame("A1", "*1\r\n$3\r\nPING\r\n", .refused("bulk string")),
        HostileFrame("A1", "*1\r\n$5\r\nPING\r\n*1\r\n", .refused("bulk string")),
        HostileFrame("A1", [0xFF, 0xFE, 0x0D, 0x0A], .commands(1)),
        HostileFrame("A2", Bytes(repeating: 0x61, count: 65_536), .waits),
        HostileFrame("A2", Bytes(repeating: 0x61, count: 65_537), .refused("too big inline request")),
        HostileFrame("A2", Bytes(repeating: 0x20, count: 65_537), .refused("too big inline request")),
        HostileFrame("A2", Bytes(repeating: 0, count: 10 << 20), .refused("too big inline request")),
        HostileFrame("A2", Bytes(repeating: 0x61, count: 65_536) + [0x0A], .commands(1)),
        HostileFrame("A2", Bytes(repeating: 0x61, count: 65_537) + [0x0A], .refused("too big inline request")),
        HostileFrame("A2", "*" + String(repeating: "1", count: 100), .refused(count)),
        HostileFrame("A2", "*" + String(repeating: "0", count: 100), .refused(count)),
        HostileFrame("A2", "*1\r\n$" + String(repeating: "0", count: 100), .refused(length)),
        HostileFrame("A4", "*1000\r\n$1\r\na\r\n$1\r\nb\r\n$1\r\nc\r\n", .waits),
        HostileFrame("A4", "*1\r\n$16000000\r\nabc", .waits),
        HostileFrame("A5", "*1\r\n$4\r\nPING\r\n$4\r\nPING\r\n", .commands(3)),
        HostileFrame("A5", "*1\r\n$4\r\nPING\r\n*1\r\n$4\r\nPING\r\n", .commands(2)),
        HostileFrame("A20", String(repeating: "*1\r\n", count: 100_000), .refused("expected '$', got '*'")),
        HostileFrame("A20", String(repeating: "[", count: 100_000), .refused("too big inline request")),
        HostileFrame("A20", String(repeating: "[", count: 60_000) + "\r\n", .commands(1)),
    ]

    static let lines: [HostileFrame] = [
        HostileFrame("A1", "\"\r\n", .refused(quotes)),
        HostileFrame("A1", "'\r\n", .refused(quotes)),
        HostileFrame("A1", "PING \"abc\r\n", .refused(quotes)),
        HostileFrame("A1", "PING \"abc\"d\r\n", .refused(quotes)),
        HostileFrame("A1", "PING \"abc\\\"\r\n", .refused(quotes)),
        HostileFrame("A1", "PING 'abc\\'\r\n", .refused(quotes)),
        HostileFrame("A1", "PING \"\\\r\n", .refused(quotes)),
        HostileFrame("A1", "PING \"\\x\r\n", .refused(quotes)),
        HostileFrame("A1", "PING \"\\xg0\"\r\n", .commands(1)),
        HostileFrame("A1", "PING \"\\x4\"\r\n", .commands(1)),
    ]
}
