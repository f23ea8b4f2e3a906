/// What CHECK and `name:` compare with: the folded path, its last component, and that without its extension.
package struct ExactName: Equatable, Sendable {
    /// The whole folded path.
    package let path: Range<Int>
    /// What follows the last slash.
    package let component: Range<Int>
    /// The last component without its extension; the component itself when it has none.
    package let stem: Range<Int>
    /// The extension without its dot; empty when there is none.
    package let fileExtension: Range<Int>

    /// The longest extension, folded: what is longer, or holds a space, is the end of a title ("Mr. Brightside").
    private static let extensionBytes = 16

    package init(of folded: Span<UInt8>) {
        // From the end: of a long path little is looked at, and the rest for its last slash alone.
        var dot: Int?
        var start = folded.count
        var isEnding = true
        while start > 0, folded[start - 1] != UInt8(ascii: "/") {
            start -= 1
            guard isEnding else { continue }
            if folded[start] == UInt8(ascii: ".") { dot = start }
            isEnding = dot == nil && folded[start] != UInt8(ascii: " ")
        }
        if dot == start { dot = nil }
        let end = folded.count
        path = 0..<end
        component = start..<end
        if let dot, dot + 1 < end, end - dot - 1 <= Self.extensionBytes {
            stem = start..<dot
            fileExtension = dot + 1..<end
        } else {
            stem = component
            fileExtension = end..<end
        }
    }

    package init(of folded: Bytes) {
        self.init(of: folded.span)
    }

    /// The ranges without repetitions: one to three.
    package var keys: [Range<Int>] {
        var keys = [path]
        if component != path { keys.append(component) }
        if stem != component { keys.append(stem) }
        return keys
    }

    package static func keys(for folded: Bytes) -> [Range<Int>] {
        ExactName(of: folded).keys
    }
}
