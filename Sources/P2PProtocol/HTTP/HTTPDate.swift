/// The one date format that is sent (IMF-fixdate, RFC 9110 §5.6.7). None is ever read.
package enum HTTPDate {
    /// The date of a time in seconds since 1970, within the years 1970 to 9999.
    package static func format(secondsSince1970 seconds: Int) -> Bytes {
        let seconds = min(max(seconds, 0), latest)
        let days = seconds / 86_400
        let time = seconds % 86_400
        let (year, month, day) = civil(days: days)
        var text = Bytes(ascii: weekdays[days % 7]) + Bytes(ascii: ", ")
        append(day, width: 2, to: &text)
        text += Bytes(ascii: " ") + Bytes(ascii: months[month - 1]) + Bytes(ascii: " ")
        append(year, width: 4, to: &text)
        for (mark, value): (StaticString, Int) in [(" ", time / 3600), (":", time / 60 % 60), (":", time % 60)] {
            text += Bytes(ascii: mark)
            append(value, width: 2, to: &text)
        }
        return text + Bytes(ascii: " GMT")
    }

    /// Days since 1970 as a date: counted from the 1st of March of the year 0, so that a leap day ends its year, in
    /// eras of 400 years, all of which are equally long.
    private static func civil(days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, day)
    }

    private static func append(_ value: Int, width: Int, to text: inout Bytes) {
        var digits = Bytes()
        digits.append(decimal: value)
        text += Bytes(repeating: UInt8(ascii: "0"), count: max(0, width - digits.count)) + digits
    }

    /// The last second of 9999.
    private static let latest = 253_402_300_799
    /// From Thursday, which 1 January 1970 was.
    private static let weekdays: [StaticString] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months: [StaticString] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
