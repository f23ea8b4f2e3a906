package import P2PProtocol

/// What may stand behind `key=` in a log line. The bytes may be a stranger's: the line escapes them.
package protocol LogValue {
    /// The value before escaping.
    var logBytes: Bytes { get }
}

extension LogValue where Self: CustomStringConvertible {
    package var logBytes: Bytes { Array(description.utf8) }
}

extension Array: LogValue where Element == UInt8 {
    package var logBytes: Bytes { self }
}

/// A value that is not there is written `-`.
extension Optional: LogValue where Wrapped: LogValue {
    package var logBytes: Bytes { self?.logBytes ?? Bytes(ascii: "-") }
}

/// Seconds with milliseconds, as `0.250`: a program that reads logs can add them up.
extension Duration: LogValue {
    package var logBytes: Bytes {
        let milliseconds = max(0, wholeNanoseconds) / 1_000_000
        var text = Bytes()
        text.append(decimal: Int(milliseconds / 1_000))
        text.append(UInt8(ascii: "."))
        text.append(contentsOf: String(1_000 + milliseconds % 1_000).utf8.dropFirst())
        return text
    }
}

extension String: LogValue {}
extension Int: LogValue {}
extension Int32: LogValue {}
extension UInt16: LogValue {}
extension Bool: LogValue {}
extension Double: LogValue {}
extension Digest: LogValue {}
extension Endpoint: LogValue {}
extension IPAddress: LogValue {}
extension SystemError: LogValue {}

extension Name: LogValue {
    package var logBytes: Bytes { bytes }
}

extension WireError: LogValue {
    package var logBytes: Bytes { Array("\(prefix) \(message)".utf8) }
}
