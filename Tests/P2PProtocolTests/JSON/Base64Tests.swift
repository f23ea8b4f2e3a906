import P2PProtocol
import TestSupport
import Testing

@Suite struct Base64Tests {
    @Test(
        "matches the vectors of RFC 4648",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ])
    func vectors(text: String, encoded: String) {
        #expect(Base64.standard.encode(Bytes(text.utf8)) == Bytes(encoded.utf8))
        #expect(Base64.standard.decode(encoded.utf8) == Bytes(text.utf8))
    }

    @Test("has an alphabet for URLs")
    func alphabets() {
        let bytes: Bytes = [0xFB, 0xEF, 0xFF, 0xFF]
        #expect(Base64.standard.encode(bytes) == Bytes(ascii: "++///w=="))
        #expect(Base64.url.encode(bytes) == Bytes(ascii: "--___w"))
        #expect(Base64.url.decode(Bytes(ascii: "--___w")) == bytes)
        #expect(Base64.url.decode(Bytes(ascii: "++///w")) == nil)
    }

    @Test(
        "reads one text only for each value",
        arguments: ["Z", "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "=Zg=", "====", "A===", "Zm 9v", "Zm9v\n", "Zm9-"])
    func strict(text: String) {
        #expect(Base64.standard.decode(text.utf8) == nil)
    }

    @Test("URLs carry no padding", arguments: ["Zg==", "Z", "Zh", "Zm9="])
    func unpadded(text: String) {
        #expect(Base64.url.decode(text.utf8) == nil)
    }

    @Test("gives back what it took", arguments: 0...70)
    func roundTrip(count: Int) {
        var random = Seeded(seed: UInt64(count))
        let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
        #expect(Base64.standard.decode(Base64.standard.encode(bytes)) == bytes)
        #expect(Base64.url.decode(Base64.url.encode(bytes)) == bytes)
    }
}
