import P2PProtocol
import TestSupport
import Testing

@Suite struct JSONTests {
    @Test(
        "reads what RFC 8259 allows",
        arguments: [
            ("null", .null), (" \t\r\n true ", .bool(true)), ("false", .bool(false)), ("0", .integer(0)),
            ("-0", .integer(0)),
            ("-17", .integer(-17)), ("9223372036854775807", .integer(.max)), ("9223372036854775808", .number(0x1p63)),
            ("1.5", .number(1.5)), ("1e3", .number(1_000)), ("-2.5E-1", .number(-0.25)), ("1.0", .number(1)),
            ("\"\"", .text("")), ("\"é漢🎉\"", .text("é漢🎉")), (#""\"\\\/\b\f\n\r\t""#, .text("\"\\/\u{8}\u{C}\n\r\t")),
            (#""\u0041\u00e9\u6f22\ud83c\udf89\u0000""#, .text("Aé漢🎉\0")), ("[]", .array([])), ("{ }", .object([])),
            ("[1, [2 ], {}]", .array([.integer(1), .array([.integer(2)]), .object([])])),
            (
                #"{"b":1,"a":{"c":null}}"#,
                .object([.init("b", .integer(1)), .init("a", .object([.init("c", .null)]))])
            ),
        ] as [(String, JSON)])
    func reads(text: String, value: JSON) throws {
        #expect(try JSON.parse(Bytes(text.utf8)) == value)
        #expect(try JSON.parse(value.encoded()) == value)
        #expect(try JSON.parse(value.encoded(isPretty: true)) == value)
    }

    @Test(
        "says what is wrong and where",
        arguments: [
            ("", "line 1 column 1: expected a value"), ("{", "line 1 column 2: expected a key in quotes"),
            ("[1,]", "line 1 column 4: expected a value"),
            ("[1 2]", "line 1 column 4: expected a comma or a closing bracket"),
            ("{\"a\":1,}", "line 1 column 8: expected a key in quotes"),
            ("{\"a\" 1}", "line 1 column 6: expected a colon"),
            ("{\n  \"a\": 1,\n  \"a\": 2\n}", "line 3 column 3: duplicate key"),
            ("1 2", "line 1 column 3: something follows the value"),
            ("tru", "line 1 column 1: expected a value"), ("// x\n1", "line 1 column 1: expected a value"),
            ("01", "line 1 column 1: a number begins with 0"), ("-", "line 1 column 2: expected a digit"),
            ("+1", "line 1 column 1: expected a value"), ("1.", "line 1 column 3: expected a digit"),
            (".5", "line 1 column 1: expected a value"), ("1e", "line 1 column 3: expected a digit"),
            ("1e999", "line 1 column 1: number is out of range"), ("NaN", "line 1 column 1: expected a value"),
            ("\"a", "line 1 column 1: string is not closed"), ("\"\\", "line 1 column 2: string is not closed"),
            ("\"a\nb\"", "line 1 column 3: control character in a string"),
            ("\"\\x\"", "line 1 column 2: unknown escape"),
            ("\"\\u12g4\"", "line 1 column 2: unknown escape"),
            ("\"\\ud800\"", "line 1 column 2: half of a surrogate pair"),
            ("\"\\ud800\\u0041\"", "line 1 column 2: half of a surrogate pair"),
            ("\"\\udc00\"", "line 1 column 2: half of a surrogate pair"), ("'a'", "line 1 column 1: expected a value"),
            ("\u{FEFF}1", "line 1 column 1: expected a value"),
        ])
    func faults(text: String, description: String) {
        let error = #expect(throws: JSONError.self) { try JSON.parse(Bytes(text.utf8)) }
        #expect(error?.description == description)
    }

    @Test("refuses bytes that are no UTF-8", arguments: [[0xFF], [0xC0, 0xAE], [0xED, 0xA0, 0x80]] as [Bytes])
    func invalidUTF8(bytes: Bytes) {
        #expect(throws: JSONError("invalid UTF-8", line: 1, column: 2)) { try JSON.parse([0x22] + bytes + [0x22]) }
    }

    @Test("a key that stands twice is refused, however many there are", arguments: [2, 15, 16, 17, 18, 100])
    func duplicate(count: Int) throws {
        let members = (0..<count).map { "\"key \($0)\":\($0)" }
        let document = try JSON.parse(Bytes("{\(members.joined(separator: ","))}".utf8))
        #expect(document.members?.count == count)
        for twice in [0, count / 2, count - 1] {
            let text = "{\((members + [members[twice]]).joined(separator: ","))}"
            #expect(throws: JSONError.self) { try JSON.parse(Bytes(text.utf8)) }
        }
    }

    @Test("keys that only look equal are two")
    func keysAreBytes() throws {
        #expect(try JSON.parse(Bytes("{\"\u{E9}\":1,\"e\u{301}\":2}".utf8)).members?.count == 2)
    }

    @Test("nests 32 deep and no deeper [attack A20]", arguments: [31, 32, 33, 100_000], ["[", "{\"a\":"])
    func depth(count: Int, opening: String) {
        let closing = opening == "[" ? "]" : "}"
        let text = String(repeating: opening, count: count) + "1" + String(repeating: closing, count: count)
        if count <= 32 {
            #expect(throws: Never.self) { try JSON.parse(Bytes(text.utf8)) }
        } else {
            let error = #expect(throws: JSONError.self) { try JSON.parse(Bytes(text.utf8)) }
            #expect(error?.message == "nested deeper than 32")
        }
    }

    @Test("has a greatest length", arguments: [(9, true), (10, true), (11, false)])
    func length(count: Int, isAllowed: Bool) {
        var limits = Limits.standard
        limits.jsonBytes = 10
        let text = Bytes(repeating: UInt8(ascii: " "), count: count - 1) + [UInt8(ascii: "1")]
        #expect(((try? JSON.parse(text, limits: limits)) != nil) == isAllowed)
    }

    @Test("a document cut short or with a byte flipped never breaks the reader", arguments: [1, 2] as [UInt64])
    func damaged(seed: UInt64) {
        var random = Seeded(seed: seed)
        let text = Bytes(#"{"a":[1,-2.5e3,true,null,"é\u00e9\n"],"b":{"c":"","d":[[],{}]}}"#.utf8)
        for count in 0..<text.count { #expect((try? JSON.parse(Bytes(text.prefix(count)))) == nil) }
        for _ in 0..<3_000 {
            var damaged = text
            let index = Int.random(in: 0..<text.count, using: &random)
            damaged[index] = UInt8.random(in: 0...255, using: &random)
            if let value = try? JSON.parse(damaged) { #expect((try? JSON.parse(value.encoded())) == value) }
        }
    }

    @Test("finds members by key")
    func access() throws {
        let json = try JSON.parse(Bytes(#"{"a":1,"b":"x","c":[true],"d":1.5}"#.utf8))
        #expect(json["a"]?.integer == 1)
        #expect(json["a"]?.number == 1)
        #expect(json["b"]?.string == Bytes(ascii: "x"))
        #expect(json["c"]?.array?.first?.bool == true)
        #expect(json["d"]?.number == 1.5)
        #expect(json["e"] == nil)
        #expect(json["a"]?["b"] == nil)
    }

    @Test("a name that is no UTF-8 has its bytes beside it [attack A44]")
    func names() throws {
        for name in [Bytes("é.mp3".utf8), [0x61, 0xFF], [0x61, 0xFE]] {
            var writer = JSONWriter()
            writer.object { $0.name(name, key: "path") }
            #expect(try JSON.parse(writer.bytes).name("path") == name)
        }
        #expect(JSON.members(name: Bytes(ascii: "a")).count == 1)
        #expect(
            JSON.object(JSON.members(name: [0xFF])).encoded()
                == Bytes("{\"name\":\"\u{FFFD}\",\"nameBase64\":\"/w==\"}".utf8))
        #expect(try JSON.parse(Bytes(#"{"name":"a","nameBase64":"!"}"#.utf8)).name() == nil)
    }
}
