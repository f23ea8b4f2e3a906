internal import P2PProtocol

/// What a setting may be set to.
package enum SettingKind: Equatable, Sendable {
    case integer(ClosedRange<Int>)
    /// Whole seconds.
    case seconds(ClosedRange<Int>)
    /// A number of bytes, also written `64K`, `32M`, `1G`.
    case byteSize(ClosedRange<Int>)
    case flag
    case choice([String])
    /// UTF-8 of up to so many bytes, none of them a control character.
    case text(maximumBytes: Int)
    /// A path; `~/` is the home folder. An empty one says that there is none, where that makes sense.
    case path(isOptional: Bool)
    /// A literal address, or `auto` where the program can find out itself.
    case address(allowsAuto: Bool)
    /// Ports and ranges in the order in which they are tried.
    case ports
    case servers
    case paths
    /// Names with `*` and `?` in them.
    case patterns
    /// Names of people, ids or addresses.
    case people

    /// What is expected, for error messages and for the documentation.
    package var expectation: String {
        switch self {
        case .integer(let range): "a number from \(range.lowerBound) to \(range.upperBound)"
        case .seconds(let range): "seconds, from \(range.lowerBound) to \(range.upperBound)"
        case .byteSize(let range):
            "bytes, from \(ByteSize.text(range.lowerBound)) to \(ByteSize.text(range.upperBound)) (K, M, G, T)"
        case .flag: "true or false"
        case .choice(let words): "one of " + words.joined(separator: ", ")
        case .text(let maximum): "text of at most \(maximum) bytes"
        case .path(let isOptional): isOptional ? "a path, or nothing" : "a path"
        case .address(let allowsAuto): allowsAuto ? "an IP address, or auto" : "an IP address"
        case .ports: "ports and ranges, such as 8888,7777,8889-8899"
        case .servers: "a list of HOST:PORT"
        case .paths: "a list of paths"
        case .patterns: "a list of names with * and ?"
        case .people: "a list of names, ids or addresses"
        }
    }

    /// Whether each further value adds to a list.
    package var isList: Bool { self == .servers || self == .paths || self == .patterns || self == .people }
}

extension SettingKind {
    /// The value behind text from the environment or a flag; nil when it is not what is expected.
    func value(ofText text: Bytes) -> SettingValue? {
        switch self {
        case .integer, .seconds: Decimal.parse(text).map { .integer($0) }.flatMap(accepted)
        case .byteSize: ByteSize.parse(text).map { .integer($0) }.flatMap(accepted)
        case .flag: text == Bytes(ascii: "true") ? .flag(true) : text == Bytes(ascii: "false") ? .flag(false) : nil
        case .servers, .paths, .patterns, .people:
            accepted(.list(text.split(separator: UInt8(ascii: ",")).map { Bytes($0) }))
        default: accepted(.text(text))
        }
    }

    /// The value itself when it is of this kind and within its range.
    func accepted(_ value: SettingValue) -> SettingValue? {
        switch (self, value) {
        case (.integer(let range), .integer(let number)), (.seconds(let range), .integer(let number)),
            (.byteSize(let range), .integer(let number)):
            range.contains(number) ? value : nil
        case (.flag, .flag): value
        case (.servers, .list(let elements)): elements.allSatisfy(Self.isServer) ? value : nil
        case (.paths, .list(let elements)), (.patterns, .list(let elements)):
            elements.allSatisfy { Self.isPath($0) } ? value : nil
        case (.people, .list(let elements)):
            elements.allSatisfy { (1...64).contains($0.count) && Self.isPlainText($0) } ? value : nil
        case (_, .text(let text)): accepts(text) ? value : nil
        default: nil
        }
    }

    private func accepts(_ text: Bytes) -> Bool {
        switch self {
        case .choice(let words): words.contains { Array($0.utf8) == text }
        case .text(let maximum): text.count <= maximum && Self.isPlainText(text)
        case .path(let isOptional): Self.isPath(text) || (isOptional && text.isEmpty)
        case .address(let allowsAuto): IPAddress(literal: text) != nil || (allowsAuto && text == Bytes(ascii: "auto"))
        case .ports: PortList(text) != nil
        default: false
        }
    }

    private static func isPlainText(_ text: Bytes) -> Bool {
        text.allSatisfy { $0 >= 0x20 && $0 != 0x7F } && String(validating: text, as: UTF8.self) != nil
    }

    private static func isPath(_ text: Bytes) -> Bool {
        !text.isEmpty && text.count < 4_096 && !text.contains(0)
    }

    private static func isServer(_ text: Bytes) -> Bool {
        String(validating: text, as: UTF8.self).flatMap { ServerAddress($0) } != nil
    }
}
