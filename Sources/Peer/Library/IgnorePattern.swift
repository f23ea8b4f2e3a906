package import P2PProtocol

/// A pattern of names that are not shared: `*` stands for any bytes, `?` for one, neither for a slash; ASCII letters
/// match in both cases. Without a slash it is about the last component, with one about the path below the share.
package struct IgnorePattern: Hashable, Sendable {
    private let pattern: Bytes
    private let isAboutPath: Bool

    /// Any bytes are a pattern.
    package init(_ pattern: Bytes) {
        self.pattern = pattern.map(Self.folded)
        isAboutPath = pattern.contains(Self.slash)
    }

    /// Whether a path below a share is meant.
    package func matches(_ path: Bytes) -> Bool {
        let start = isAboutPath ? 0 : (path.lastIndex(of: Self.slash) ?? -1) + 1
        return matches(path[start...])
    }

    /// Goes back to the last star only: what stands before it has found its place, and no other is better.
    private func matches(_ text: ArraySlice<UInt8>) -> Bool {
        var (place, index) = (text.startIndex, pattern.startIndex)
        var retry: (index: Int, place: Int)?
        while place < text.endIndex {
            if index < pattern.endIndex, pattern[index] == Self.star {
                index += 1
                retry = (index, place)
            } else if index < pattern.endIndex, fits(pattern[index], text[place]) {
                index += 1
                place += 1
            } else if let star = retry, text[star.place] != Self.slash {
                retry = (star.index, star.place + 1)
                (index, place) = (star.index, star.place + 1)
            } else {
                return false
            }
        }
        return pattern[index...].allSatisfy { $0 == Self.star }
    }

    private func fits(_ wanted: UInt8, _ byte: UInt8) -> Bool {
        wanted == Self.folded(byte) || (wanted == Self.question && byte != Self.slash)
    }

    private static func folded(_ byte: UInt8) -> UInt8 {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
    }

    private static let slash = UInt8(ascii: "/")
    private static let star = UInt8(ascii: "*")
    private static let question = UInt8(ascii: "?")
}
