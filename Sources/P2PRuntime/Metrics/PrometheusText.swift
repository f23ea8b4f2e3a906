internal import P2PProtocol

/// A page of metrics in Prometheus's text format, version 0.0.4.
struct PrometheusText {
    private(set) var bytes = Bytes()

    mutating func family(_ name: String, help: String, kind: String) {
        bytes += "# HELP \(name) \(Self.escape(help, quotes: false))\n# TYPE \(name) \(kind)\n".utf8
    }

    mutating func sample(_ name: String, _ labels: Bytes, _ value: Int) {
        line(name, labels, String(value))
    }

    mutating func histogram(_ name: String, _ labels: Bytes, _ snapshot: Histogram.Snapshot) {
        let bounds = snapshot.cumulative.map { ("\($0.bound)", $0.count) } + [("+Inf", snapshot.count)]
        for (bound, count) in bounds {
            let separator = labels.isEmpty ? "" : ","
            line("\(name)_bucket", labels + Array("\(separator)le=\"\(bound)\"".utf8), "\(count)")
        }
        line("\(name)_sum", labels, "\(snapshot.sum)")
        line("\(name)_count", labels, "\(snapshot.count)")
    }

    /// `name="value",…`, without the braces, so that a histogram can add its bound.
    static func labels(_ labels: KeyValuePairs<String, String>) -> Bytes {
        Array(labels.map { "\($0.key)=\"\(escape($0.value, quotes: true))\"" }.joined(separator: ",").utf8)
    }

    private mutating func line(_ name: String, _ labels: Bytes, _ value: String) {
        bytes += name.utf8
        if !labels.isEmpty { bytes += Bytes(ascii: "{") + labels + Bytes(ascii: "}") }
        bytes += " \(value)\n".utf8
    }

    /// The format knows three escapes: of the backslash, the line feed and, in labels, the quote.
    private static func escape(_ text: String, quotes: Bool) -> String {
        var escaped = ""
        for character in text.unicodeScalars {
            switch character {
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\"" where quotes: escaped += "\\\""
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }
}
