import P2PProtocol
import TestSupport

extension Reply {
    /// Any reply that a writer of that version makes.
    static func random(_ version: RESPVersion, depth: Int, using random: inout Seeded) -> Reply {
        let isThree = version == .three
        switch Int.random(in: 0..<(depth > 0 ? 10 : 6), using: &random) {
        case 0: return .integer(Int.random(in: Int.min + 1...Int.max, using: &random))
        case 1: return .null
        case 2: return isThree ? .boolean(Bool.random(using: &random)) : .integer(1)
        case 3: return isThree ? .double(Double.random(in: -1e9...1e9, using: &random)) : .null
        case 4, 5: return .bulk(bytes(using: &random))
        case 6 where isThree:
            return .map(
                elements(version, depth, &random).map { Pair(key: .bulk(bytes(using: &random)), value: $0) })
        case 7 where isThree: return .set(elements(version, depth, &random))
        case 8 where isThree: return .push(elements(version, depth, &random))
        default: return .array(elements(version, depth, &random))
        }
    }

    private static func elements(_ version: RESPVersion, _ depth: Int, _ random: inout Seeded) -> [Reply] {
        (0..<Int.random(in: 0..<5, using: &random)).map { _ in .random(version, depth: depth - 1, using: &random) }
    }

    private static func bytes(using random: inout Seeded) -> Bytes {
        (0..<Int.random(in: 0..<50, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
    }
}

extension ReplyWriter {
    /// Writes a reply that `Reply.random` has made.
    mutating func write(_ reply: Reply) {
        switch reply {
        case .integer(let value): integer(value)
        case .bulk(let bytes): bulk(bytes)
        case .boolean(let value): boolean(value)
        case .double(let value): double(value)
        case .array(let elements):
            array(elements.count)
            for element in elements { write(element) }
        case .set(let elements):
            set(elements.count)
            for element in elements { write(element) }
        case .push(let elements):
            push(elements.count)
            for element in elements { write(element) }
        case .map(let pairs):
            map(pairs.count)
            for pair in pairs {
                write(pair.key)
                write(pair.value)
            }
        default: null()
        }
    }
}
