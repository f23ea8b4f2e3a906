package import P2PProtocol

/// A line that is being typed: keys in, what is to be shown or done out.
package struct LineEditor: Sendable {
    /// What a key came to.
    package enum Outcome: Equatable, Sendable {
        /// The line may look different now.
        case edited
        case finished(Bytes)
        /// The end of input.
        case ended
        case clearScreen
        /// It is asked how this, which stands before the cursor, could go on: `complete` is to be told.
        case wantsSuggestions(Bytes)
    }

    /// A way in which what stands before the cursor could go on.
    package struct Suggestion: Equatable, Sendable {
        /// All of it, from the beginning of the line.
        package let line: Bytes
        /// What is shown of it.
        package let label: Bytes

        package init(line: Bytes, label: Bytes) { (self.line, self.label) = (line, label) }
    }

    /// A line that goes on for ever keeps its beginning.
    private static let longest = 8_192

    /// Characters with their marks, each the bytes that were typed.
    private(set) var characters: [Bytes] = []
    /// How many of them stand before it.
    private(set) var cursor = 0
    private var cut: [Bytes] = []
    /// Earlier lines, oldest first; behind them stands what was typed before they were looked at.
    private let earlier: [Bytes]
    private var place: Int
    private var typed: [Bytes] = []

    /// An empty line, and those that were typed before it.
    package init(after earlier: [Bytes] = []) {
        self.earlier = earlier
        place = earlier.count
    }

    /// What has been typed.
    package var line: Bytes { Bytes(characters.joined()) }

    /// Takes a key.
    package mutating func take(_ key: Key) -> Outcome {
        switch key {
        case .text(let bytes): insert(bytes)
        case .enter: return .finished(line)
        case .tab: return .wantsSuggestions(Bytes(characters[..<cursor].joined()))
        case .backspace: remove(cursor - 1..<cursor)
        case .delete: remove(cursor..<cursor + 1)
        case .left: cursor = max(0, cursor - 1)
        case .right: cursor = min(characters.count, cursor + 1)
        case .wordLeft: cursor = wordStart
        case .wordRight: cursor = wordEnd
        case .home: cursor = 0
        case .end: cursor = characters.count
        case .up: look(at: place - 1)
        case .down: look(at: place + 1)
        case .cutToStart: take(out: 0..<cursor)
        case .cutToEnd: take(out: cursor..<characters.count)
        case .cutWord: take(out: wordStart..<cursor)
        case .paste: put(cut)
        case .clearScreen: return .clearScreen
        case .endOfInput:
            if characters.isEmpty { return .ended }
            remove(cursor..<cursor + 1)
        }
        return .edited
    }

    // MARK: Changing

    private mutating func insert(_ bytes: Bytes) {
        guard characters.count < Self.longest else { return }
        // A mark belongs to the character before it.
        if cursor > 0, Display.characters(of: characters[cursor - 1] + bytes).count == 1 {
            characters[cursor - 1] += bytes
        } else {
            characters.insert(bytes, at: cursor)
            cursor += 1
        }
    }

    private mutating func put(_ new: [Bytes]) {
        guard characters.count + new.count <= Self.longest else { return }
        characters.insert(contentsOf: new, at: cursor)
        cursor += new.count
    }

    private mutating func remove(_ range: Range<Int>) {
        let range = range.clamped(to: 0..<characters.count)
        characters.removeSubrange(range)
        if cursor > range.lowerBound { cursor = range.lowerBound }
    }

    private mutating func take(out range: Range<Int>) {
        if !range.isEmpty { cut = Array(characters[range]) }
        remove(range)
    }

    private mutating func show(_ new: [Bytes]) {
        characters = new
        cursor = new.count
    }

    // MARK: Words

    private static let space: Bytes = [UInt8(ascii: " ")]

    private var wordStart: Int {
        var start = cursor
        while start > 0, characters[start - 1] == Self.space { start -= 1 }
        while start > 0, characters[start - 1] != Self.space { start -= 1 }
        return start
    }

    private var wordEnd: Int {
        var end = cursor
        while end < characters.count, characters[end] == Self.space { end += 1 }
        while end < characters.count, characters[end] != Self.space { end += 1 }
        return end
    }

    // MARK: Earlier lines

    private mutating func look(at wanted: Int) {
        guard (0...earlier.count).contains(wanted), wanted != place else { return }
        if place == earlier.count { typed = characters }
        place = wanted
        show(wanted == earlier.count ? typed : Display.characters(of: earlier[wanted]))
    }

    // MARK: Completing

    /// Puts in what all suggestions have in common; where nothing is missing of that, they are the choices that it
    /// returns.
    package mutating func complete(_ suggestions: [Suggestion]) -> [Bytes] {
        guard let first = suggestions.first else { return [] }
        var common = Display.characters(of: first.line)
        for other in suggestions.dropFirst() {
            common = zip(common, Display.characters(of: other.line)).prefix { $0 == $1 }.map(\.0)
        }
        let isNews = common.count >= cursor && common != Array(characters[..<cursor])
        guard suggestions.count == 1 || isNews else { return suggestions.map(\.label) }
        characters.replaceSubrange(..<cursor, with: common)
        cursor = common.count
        return []
    }
}
