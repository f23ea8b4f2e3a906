package import P2PProtocol

/// The dictionary as `--print-dictionary` shows it: one line a peer, its key first, then its names.
package struct DictionaryListing: Sendable {
    /// One entry of the dictionary, cut to what is shown.
    package struct Entry: Sendable {
        package let id: Int
        package let host: Bytes
        package let port: Int
        package let names: [Bytes]
        package let total: Int

        package init(id: Int, host: Bytes, port: Int, names: [Bytes], total: Int) {
            (self.id, self.host, self.port, self.names, self.total) = (id, host, port, names, total)
        }
    }

    /// Names shown of each peer.
    package static let namesShown = 20

    package let entries: [Entry]
    package let connections: Int

    package init(entries: [Entry], connections: Int) {
        (self.entries, self.connections) = (entries, connections)
    }

    /// Lines for a person: names from strangers only through `show`.
    package func lines(show: (Bytes) -> String) -> String {
        var text =
            "dictionary: \(Self.counted(entries.count, "peer")), \(Self.counted(connections, "active connection"))\n"
        for entry in entries { text += "  \(line(entry, show: show))\n" }
        return text
    }

    private func line(_ entry: Entry, show: (Bytes) -> String) -> String {
        let key = "(\(entry.id), \(String(decoding: entry.host, as: UTF8.self)), \(entry.port))"
        let names = entry.names.prefix(Self.namesShown).map { "'\(show($0))'" }.joined(separator: ", ")
        let more = entry.total - min(entry.names.count, Self.namesShown)
        return "\(key): [\(names)]" + (more > 0 ? " … and \(more) more" : "")
    }

    private static func counted(_ count: Int, _ noun: String) -> String {
        "\(count) \(noun)\(count == 1 ? "" : "s")"
    }
}
