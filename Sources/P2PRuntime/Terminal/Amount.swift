/// Numbers as people read them.
package enum Amount {
    private static let units = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]

    /// A size of at most 8 columns: `512 B`, `1.5 GiB`, `640 MiB`. Rounded down: what is not yet there is not shown.
    package static func bytes(_ count: Int) -> String {
        guard count >= 1_024 else { return "\(max(0, count)) B" }
        let unit = (Int.bitWidth - 1 - count.leadingZeroBitCount) / 10
        let size = UInt64(1) << UInt64(unit * 10)
        let (whole, rest) = UInt64(count).quotientAndRemainder(dividingBy: size)
        // Below 2⁶⁰ times ten: the product fits.
        let text = whole < 100 ? "\(whole).\(rest * 10 / size)" : "\(whole)"
        return "\(text) \(units[unit - 1])"
    }

    /// A rate of at most 10 columns: `12.3 MiB/s`.
    package static func rate(_ bytesPerSecond: Int) -> String { "\(bytes(bytesPerSecond))/s" }

    /// A short span: `0.3 ms`, `12 ms`, `1.2 s`.
    package static func latency(_ span: Duration) -> String {
        let microseconds = max(0, span.wholeNanoseconds) / 1_000
        return switch microseconds {
        case ..<10_000: "\(microseconds / 1_000).\(microseconds / 100 % 10) ms"
        case ..<1_000_000: "\(microseconds / 1_000) ms"
        default: "\(microseconds / 1_000_000).\(microseconds / 100_000 % 10) s"
        }
    }

    /// A span of at most 11 columns: `0.4 s`, `12 s`, `3 min 5 s`, `2 h 5 min`, `3 d 4 h`.
    package static func time(_ span: Duration) -> String {
        let milliseconds = max(0, span.wholeNanoseconds) / 1_000_000
        let seconds = milliseconds / 1_000
        return switch seconds {
        case 0: "0.\(milliseconds / 100) s"
        case ..<60: "\(seconds) s"
        case ..<3_600: "\(seconds / 60) min \(seconds % 60) s"
        case ..<86_400: "\(seconds / 3_600) h \(seconds / 60 % 60) min"
        default: "\(min(seconds / 86_400, 9_999)) d \(seconds / 3_600 % 24) h"
        }
    }
}
