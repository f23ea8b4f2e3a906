/// A word of the protocol in either case: up to 16 bytes packed into one number, so that a command's name or an option
/// is found without a string being made. Bytes that cannot be a word of ours make `none`, which equals no literal.
struct Keyword: Hashable, Sendable, ExpressibleByStringLiteral {
    static let none = Keyword(packed: 0)

    private let packed: UInt128

    private init(packed: UInt128) {
        self.packed = packed
    }

    init(_ text: UnsafeBufferPointer<UInt8>) {
        var packed: UInt128 = 0
        guard text.count <= 16 else {
            self = .none
            return
        }
        for byte in text {
            guard byte > 0x20, byte < 0x7F else {
                self = .none
                return
            }
            let isLower = byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z")
            packed = packed << 8 | UInt128(isLower ? byte - 0x20 : byte)
        }
        self.packed = packed
    }

    init(stringLiteral text: StaticString) {
        self = text.withUTF8Buffer { Keyword($0) }
    }
}
