package import P2PProtocol

/// What somebody presses at a terminal.
package enum Key: Equatable, Sendable {
    /// A character, as its bytes.
    case text(Bytes)
    case enter, tab, backspace, delete
    case left, right, wordLeft, wordRight, home, end
    /// Earlier and later lines.
    case up, down
    /// Taking out: to the beginning of the line, to its end, a word back; and putting that in again.
    case cutToStart, cutToEnd, cutWord, paste
    case clearScreen
    /// On an empty line it is the end of input.
    case endOfInput
}

/// Makes keys of a terminal's bytes, one by one, so that it does not matter how they arrive.
package struct KeyReader: Sendable {
    /// No terminal sends a longer sequence.
    private static let longest = 32
    private static let escape: UInt8 = 0x1B

    private var held: Bytes = []

    package init() {}

    /// Takes a byte; a key when it is the last of one. What means nothing is left out.
    package mutating func take(_ byte: UInt8) -> Key? {
        if held.isEmpty { return begin(byte) }
        held.append(byte)
        return held[0] == Self.escape ? goOnInSequence() : goOnInCharacter(byte)
    }

    private mutating func begin(_ byte: UInt8) -> Key? {
        switch byte {
        case Self.escape, 0xC2...0xF4:
            held = [byte]
            return nil
        case 0x20..<0x7F, 0x80...: return .text([byte])
        default: return Self.control(byte)
        }
    }

    private mutating func goOnInCharacter(_ byte: UInt8) -> Key? {
        guard byte & 0xC0 == 0x80 else {
            // The character was cut off: what comes instead counts.
            held = []
            return begin(byte)
        }
        let length = held[0] < 0xE0 ? 2 : held[0] < 0xF0 ? 3 : 4
        guard held.count == length else { return nil }
        defer { held = [] }
        return .text(held)
    }

    /// ESC and a letter, `ESC O` and a letter, or `ESC [`, numbers and a letter.
    private mutating func goOnInSequence() -> Key? {
        let (kind, last) = (held[1], held[held.count - 1])
        if held.count == 2 {
            guard kind != UInt8(ascii: "["), kind != UInt8(ascii: "O") else { return nil }
            held = []
            return kind == Self.escape ? begin(kind) : Self.meta(kind)
        }
        let isEnd = kind == UInt8(ascii: "O") || (0x40...0x7E).contains(last)
        guard isEnd || held.count >= Self.longest else { return nil }
        defer { held = [] }
        return isEnd ? Self.sequence(held[2..<held.count - 1], last) : nil
    }

    private static func control(_ byte: UInt8) -> Key? {
        switch byte {
        case 0x0A, 0x0D: .enter
        case 0x09: .tab
        case 0x08, 0x7F: .backspace
        case 0x01: .home
        case 0x02: .left
        case 0x04: .endOfInput
        case 0x05: .end
        case 0x06: .right
        case 0x0B: .cutToEnd
        case 0x0C: .clearScreen
        case 0x0E: .down
        case 0x10: .up
        case 0x15: .cutToStart
        case 0x17: .cutWord
        case 0x19: .paste
        default: nil
        }
    }

    private static func meta(_ byte: UInt8) -> Key? {
        switch byte {
        case UInt8(ascii: "b"): .wordLeft
        case UInt8(ascii: "f"): .wordRight
        case 0x08, 0x7F: .cutWord
        default: nil
        }
    }

    private static func sequence(_ numbers: ArraySlice<UInt8>, _ last: UInt8) -> Key? {
        // `1;5` and the like: Control or Alt is held as well.
        let isHeld = numbers.contains(UInt8(ascii: ";"))
        switch last {
        case UInt8(ascii: "A"): return .up
        case UInt8(ascii: "B"): return .down
        case UInt8(ascii: "C"): return isHeld ? .wordRight : .right
        case UInt8(ascii: "D"): return isHeld ? .wordLeft : .left
        case UInt8(ascii: "F"): return .end
        case UInt8(ascii: "H"): return .home
        case UInt8(ascii: "~"):
            switch Decimal.parse(numbers.prefix { $0 != UInt8(ascii: ";") }) {
            case 1, 7: return .home
            case 3: return .delete
            case 4, 8: return .end
            default: return nil
            }
        default: return nil
        }
    }
}
