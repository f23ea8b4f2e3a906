package import P2PProtocol

/// What is said about an event, in any order: lines sort it.
package typealias LogFields = KeyValuePairs<String, any LogValue>

/// One event as text: `time level event key=value…`, keys sorted, values escaped, a line feed at the end.
package enum LogLine {
    /// The line for an event. Event and keys are words of ours; values may be anybody's.
    package static func render(_ time: WallClock, _ level: LogLevel, _ event: StaticString, _ fields: LogFields)
        -> Bytes
    {
        var line = time.text
        line.append(UInt8(ascii: " "))
        line += level.name.utf8
        line.append(UInt8(ascii: " "))
        line += Bytes(ascii: event)
        for (key, value) in fields.sorted(by: { $0.key < $1.key }) {
            line.append(UInt8(ascii: " "))
            line += key.utf8
            line.append(UInt8(ascii: "="))
            line += LogEscaper.escape(value.logBytes)
        }
        line.append(UInt8(ascii: "\n"))
        return line
    }
}
