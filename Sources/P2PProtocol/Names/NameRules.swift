/// What the bytes of a name must not be. One pass, no copies: it runs for every entry of every list that arrives.
package enum NameRules {
    /// The first broken rule in words, or nil when the bytes are a name.
    package static func fault(in bytes: Span<UInt8>) -> String? {
        guard !bytes.isEmpty else { return "name is empty" }
        guard bytes.count <= Limits.standard.nameBytes else {
            return "name is longer than \(Limits.standard.nameBytes) bytes"
        }
        var start = 0
        for index in bytes.indices {
            if bytes[index] == 0 { return "name contains a NUL byte" }
            guard bytes[index] == UInt8(ascii: "/") else { continue }
            if let fault = componentFault(in: bytes, from: start, to: index) { return fault }
            start = index + 1
        }
        return componentFault(in: bytes, from: start, to: bytes.count)
    }

    private static func componentFault(in bytes: Span<UInt8>, from start: Int, to end: Int) -> String? {
        let dot = UInt8(ascii: ".")
        return switch end - start {
        case 0 where start == 0: "name is not relative"
        case 0: "name has an empty component"
        case 1 where bytes[start] == dot: "name has a component ."
        case 2 where bytes[start] == dot && bytes[start + 1] == dot: "name has a component .."
        default: nil
        }
    }
}
