/// How much an event matters. `error`: an operator must act; `notice`: life cycle; `debug`: per connection;
/// `trace`: per message.
package enum LogLevel: Int, Comparable, CaseIterable, Sendable {
    case trace
    case debug
    case info
    case notice
    case warning
    case error

    /// The level's word in log lines, in the configuration and on the command line.
    package var name: String { "\(self)" }

    /// The level that a word means; nil for another word.
    package init?(name: String) {
        guard let level = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = level
    }

    package static func < (left: LogLevel, right: LogLevel) -> Bool { left.rawValue < right.rawValue }
}
