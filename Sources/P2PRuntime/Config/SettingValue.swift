package import P2PProtocol

/// What a setting is set to. Text is bytes: a path may be any.
package enum SettingValue: Equatable, Sendable {
    case integer(Int)
    case flag(Bool)
    case text(Bytes)
    case list([Bytes])

    /// Text of ours.
    package static func text(_ literal: StaticString) -> SettingValue { .text(Bytes(ascii: literal)) }
}
