import P2PProtocol
import TestSupport

/// Random names: text of many scripts, and bytes that are none.
enum NameBytes {
    private static let blocks: [ClosedRange<UInt32>] = [
        0x20...0x7E, 0xA0...0x17F, 0x300...0x345, 0x370...0x377, 0x386...0x3CE, 0x400...0x45F, 0x5B0...0x5BD,
        0x621...0x655, 0x904...0x94D, 0x1EA0...0x1EF9, 0x1F00...0x1F15, 0x3041...0x3096, 0x3099...0x309A,
        0x4E00...0x4E20, 0xAC00...0xAD00, 0xFF10...0xFF9F,
    ]

    static func text(using random: inout Seeded) -> String {
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 1...12, using: &random) {
            guard let block = blocks.randomElement(using: &random) else { continue }
            if let scalar = Unicode.Scalar(UInt32.random(in: block, using: &random)) { text.append(scalar) }
        }
        return String(text)
    }

    static func any(using random: inout Seeded) -> Bytes {
        var bytes = Bytes()
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            if Bool.random(using: &random) {
                bytes += Bytes(text(using: &random).utf8.prefix(Int.random(in: 0...20, using: &random)))
            } else {
                bytes.append(UInt8.random(in: 0x80...0xFF, using: &random))
            }
        }
        return bytes
    }
}
