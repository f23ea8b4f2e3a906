/// The name under which a downloaded file may be kept here: one component that is safe for any Unix file system,
/// terminal tool and shell habit, made of a name that a stranger chose. Making it twice changes nothing.
///
/// Controls, backslashes and slashes become `_`, as does a dash or dot at the beginning, and each byte of a name of
/// only dots and spaces. Anything else stays, also what is no UTF-8, so that the name can be recognised.
package struct LocalName: Hashable, Sendable {
    /// 1 to 255 bytes.
    package let bytes: Bytes

    /// What nearly all file systems take.
    package static let usualLimit = 255
    /// The longest extension that is kept when a name is cut.
    private static let extensionBytes = 32

    /// The local name for the last component of a remote one.
    package init(lastComponentOf name: Name) {
        self.init(component: name.lastComponent)
    }

    /// In at most so many bytes.
    package init(component: some Collection<UInt8>, atMost limit: Int = usualLimit) {
        bytes = Self.harmless(Self.cut(Self.withoutControls(Bytes(component)), suffix: [], to: limit))
    }

    private init(cut bytes: Bytes) {
        self.bytes = bytes
    }

    /// The name for the second, third … file that would be called so: `name (2).mp3`.
    package func numbered(_ number: Int, atMost limit: Int = usualLimit) -> LocalName {
        LocalName(cut: Self.cut(bytes, suffix: Bytes(" (\(number))".utf8), to: limit))
    }

    /// A whole remote path with each component made harmless: for folders that are fetched with what is in them.
    package static func relativePath(of name: Name) -> Bytes {
        Bytes(name.components.map { LocalName(component: $0).bytes }.joined(separator: [UInt8(ascii: "/")]))
    }
}

// MARK: What is replaced

extension LocalName {
    private static let filler = UInt8(ascii: "_")

    private static func harmless(_ name: Bytes) -> Bytes {
        let isBlank = name.allSatisfy { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: " ") }
        guard !isBlank else { return Bytes(repeating: filler, count: max(1, name.count)) }
        let isHarmful = name.first == UInt8(ascii: "-") || name.first == UInt8(ascii: ".")
        return isHarmful ? [filler] + name.dropFirst() : name
    }

    private static func withoutControls(_ component: Bytes) -> Bytes {
        var name = Bytes()
        var index = 0
        while index < component.count {
            let scalar = UTF8Scalar(in: component.span, at: index)
            let length = scalar?.length ?? 1
            // A stray byte of 0x80 to 0x9F is a control character to a terminal that does not speak UTF-8.
            if isUnwanted(scalar?.value ?? UInt32(component[index])) {
                name.append(filler)
            } else {
                name += component[index..<index + length]
            }
            index += length
        }
        return name
    }

    private static func isUnwanted(_ value: UInt32) -> Bool {
        value < 0x20 || (0x7F...0x9F).contains(value) || value == 0x2F || value == 0x5C
    }
}

// MARK: Length

extension LocalName {
    /// The name with a suffix before its extension, the stem cut between two characters where the whole is too long.
    private static func cut(_ name: Bytes, suffix: Bytes, to limit: Int) -> Bytes {
        let dot = extensionStart(in: name)
        let room = limit - suffix.count - (name.count - dot)
        return Bytes(name[..<boundary(in: name, at: min(dot, room))]) + suffix + name[dot...]
    }

    /// Where the dot of the extension stands, or the end.
    private static func extensionStart(in name: Bytes) -> Int {
        guard let dot = name.lastIndex(of: UInt8(ascii: ".")), dot > 0, name.count - dot <= extensionBytes else {
            return name.count
        }
        return dot
    }

    /// The last place at or before `limit` that is not inside a character.
    private static func boundary(in name: Bytes, at limit: Int) -> Int {
        guard limit < name.count else { return name.count }
        for start in stride(from: limit - 1, through: max(0, limit - 3), by: -1) {
            guard let scalar = UTF8Scalar(in: name.span, at: start) else { continue }
            return start + scalar.length > limit ? start : limit
        }
        return limit
    }
}
