internal import Glibc
package import P2PProtocol

/// A point in civil time, for people and for records. Deadlines are made of `Moment`s, which no clock change moves.
package struct WallClock: Comparable, Hashable, Sendable {
    /// Since 1970-01-01T00:00:00Z.
    package let milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// What the system's clock says.
    package static var now: WallClock {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return WallClock(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// As `2026-01-02T03:04:05.678Z`.
    package var text: Bytes {
        let (days, inDay) = milliseconds.floored(by: 86_400_000)
        let (year, month, day) = Self.civilDate(days)
        var text = Bytes()
        text.reserveCapacity(24)
        text.append(year, digits: 4)
        text.append("-", month, digits: 2)
        text.append("-", day, digits: 2)
        text.append("T", inDay / 3_600_000, digits: 2)
        text.append(":", inDay / 60_000 % 60, digits: 2)
        text.append(":", inDay / 1_000 % 60, digits: 2)
        text.append(".", inDay % 1_000, digits: 3)
        text.append(UInt8(ascii: "Z"))
        return text
    }

    package static func < (left: WallClock, right: WallClock) -> Bool { left.milliseconds < right.milliseconds }

    /// The proleptic Gregorian date of a day number. Years are counted from March, so that the leap day is the last
    /// of its year, and in eras of 400, which all have 146,097 days.
    private static func civilDate(_ daysSince1970: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = (daysSince1970 + 719_468).floored(by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }
}

extension Int64 {
    /// Quotient and remainder, rounded towards minus infinity: times before 1970 have positive parts too.
    fileprivate func floored(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}

extension Array where Element == UInt8 {
    fileprivate mutating func append(_ separator: Unicode.Scalar, _ value: Int64, digits: Int) {
        append(UInt8(ascii: separator))
        append(value, digits: digits)
    }

    fileprivate mutating func append(_ value: Int64, digits: Int) {
        var scale: Int64 = 1
        for _ in 1..<digits { scale *= 10 }
        while scale > 0 {
            append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value / scale % 10))
            scale /= 10
        }
    }
}
