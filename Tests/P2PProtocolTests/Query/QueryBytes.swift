import P2PProtocol
import TestSupport

/// Random queries that use the whole grammar.
enum QueryBytes {
    static func any(using random: inout Seeded) -> Bytes {
        var query = Bytes()
        for _ in 0..<Int.random(in: 1...5, using: &random) {
            if Int.random(in: 0..<4, using: &random) == 0 { query.append(UInt8(ascii: "-")) }
            query += term(using: &random) + [UInt8(ascii: " ")]
        }
        return query
    }

    private static func term(using random: inout Seeded) -> Bytes {
        let name = NameBytes.any(using: &random)
        let number = Int.random(in: 0...9_999, using: &random)
        switch Int.random(in: 0..<9, using: &random) {
        case 0: return [UInt8(ascii: "\"")] + name + [UInt8(ascii: "\"")]
        case 1: return Bytes(ascii: "name:\"") + name + [UInt8(ascii: "\"")]
        case 2: return Bytes(ascii: "ext:") + name.filter { $0 != UInt8(ascii: " ") }
        case 3: return Bytes("size:>\(number)K".utf8)
        case 4: return Bytes("size:\(number)-\(number * 2)M".utf8)
        case 5: return Bytes("peer:\(number)".utf8)
        case 6: return name + [UInt8(ascii: "*")]
        default: return name
        }
    }
}
