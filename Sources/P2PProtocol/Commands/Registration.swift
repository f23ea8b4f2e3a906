/// `REG <id|*> <host|*> <port> [NAME n] [LEASE s] [TOKEN t] [CERT sha256] [OWNERSHIP copy|move]
/// [NAMES name…|FILES (path size root)…]`
package struct Registration: Hashable, Sendable {
    /// The id to take up again; nil for the next one.
    package var id: Int?
    /// The address to be listed under; nil for the one that the index sees.
    package var host: Bytes?
    package var port: Int
    /// What the peer calls itself.
    package var name: Bytes?
    /// Seconds without traffic after which the entry goes; nil for as long as the connection lives.
    package var lease: Int?
    /// Shows that an id is one's own.
    package var token: Bytes?
    /// The SHA-256 of the peer's certificate.
    package var certificate: Digest?
    /// What the peer allows others to do with its files.
    package var ownership: Ownership
    package var entries: [FileEntry]

    package init(
        id: Int? = nil, host: Bytes? = nil, port: Int, ownership: Ownership = .copy, entries: [FileEntry] = []
    ) {
        (self.id, self.host, self.port) = (id, host, port)
        (self.ownership, self.entries) = (ownership, entries)
    }

    init(reading reader: inout CommandReader) throws(WireError) {
        let id = reader.take("*") ? nil : try reader.peer()
        let host = reader.take("*") ? nil : try reader.bytes("host", upTo: reader.limits.hostBytes)
        self.init(id: id, host: host, port: try reader.number("port", in: 1...65_535))
        while reader.remaining > 0 {
            if let entries = try reader.entries() {
                self.entries = entries
            } else {
                try readOption(&reader)
            }
        }
    }

    private mutating func readOption(_ reader: inout CommandReader) throws(WireError) {
        let limits = reader.limits
        let option = try reader.text()
        switch Keyword(option) {
        case "NAME": name = try reader.bytes("NAME", upTo: limits.labelBytes)
        case "LEASE": lease = try reader.number("LEASE", in: 1...limits.leaseSeconds)
        case "TOKEN": token = try reader.bytes("TOKEN", upTo: limits.tokenBytes)
        case "CERT": certificate = try reader.digest("CERT")
        case "OWNERSHIP":
            guard let ownership = Ownership(Keyword(try reader.text())) else {
                throw reader.fault("OWNERSHIP is neither copy nor move")
            }
            self.ownership = ownership
        default: throw reader.unknownOption(option)
        }
    }

    var words: [Bytes] {
        let star = Bytes(ascii: "*")
        var words = [Bytes(ascii: "REG"), id.map { Bytes(decimal: $0) } ?? star, host ?? star, Bytes(decimal: port)]
        if let name { words += [Bytes(ascii: "NAME"), name] }
        if let lease { words += [Bytes(ascii: "LEASE"), Bytes(decimal: lease)] }
        if let token { words += [Bytes(ascii: "TOKEN"), token] }
        if let certificate { words += [Bytes(ascii: "CERT"), certificate.hex] }
        if ownership == .move { words += [Bytes(ascii: "OWNERSHIP"), Bytes(ascii: "move")] }
        return words + entries.words
    }
}
