import P2PProtocol
import Testing

@Suite struct JSONWriterTests {
    @Test(
        "escapes what is not safe in a page or on a terminal [attack A69] [attack A75]",
        arguments: [
            ("a\"b\\c/", #""a\"b\\c/""#), ("</script>&", #""\u003c/script>&""#),
            ("\0\u{1B}[2J\u{7F}", #""\u0000\u001b[2J\u007f""#),
            ("\u{8}\t\n\u{C}\r", #""\b\t\n\f\r""#), ("\u{202E}gpj\u{2028}\u{2029}", #""\u202egpj\u2028\u2029""#),
            ("\u{9B}\u{AD}\u{200B}\u{E0001}", #""\u009b\u00ad\u200b\udb40\udc01""#), ("é漢🎉", "\"é漢🎉\""),
        ])
    func escapes(text: String, encoded: String) throws {
        let value = JSON.text(text)
        #expect(String(decoding: value.encoded(), as: UTF8.self) == encoded)
        #expect(try JSON.parse(value.encoded()) == value)
    }

    @Test("replaces bytes that are no UTF-8", arguments: [[0xFF], [0xC0], [0x80]] as [Bytes])
    func invalid(bytes: Bytes) {
        #expect(JSON.string([0x61] + bytes).encoded() == Bytes("\"a\u{FFFD}\"".utf8))
    }

    @Test("writes values one after the other")
    func streams() {
        var writer = JSONWriter()
        writer.object {
            $0.field("total", .integer(2))
            $0.key("entries")
            $0.array { entries in
                for size in [1, nil] { entries.object { $0.field("size", .optional(size)) } }
            }
            $0.key(Bytes(ascii: "done"))
            $0.value(.bool(true))
        }
        #expect(writer.bytes == Bytes(ascii: #"{"total":2,"entries":[{"size":1},{"size":null}],"done":true}"#))
    }

    @Test("writes a member a line when it is to be read by people")
    func pretty() throws {
        let value = try JSON.parse(Bytes(#"{"a":[1,2],"b":{},"c":[]}"#.utf8))
        let expected = """
            {
              "a": [
                1,
                2
              ],
              "b": {},
              "c": []
            }
            """
        #expect(String(decoding: value.encoded(isPretty: true), as: UTF8.self) == expected)
    }

    @Test("writes null for what is no number", arguments: [Double.nan, .infinity, -.infinity])
    func notANumber(value: Double) {
        #expect(JSON.number(value).encoded() == Bytes(ascii: "null"))
    }
}
