/// `HELLO [2|3] [AUTH user password] [SETNAME name]`
package struct Hello: Hashable, Sendable {
    /// The version to speak from here on; nil to leave it.
    package var version: RESPVersion?
    package var login: Login?
    /// What the connection calls itself in `CLIENT LIST`.
    package var name: Bytes?

    package init(version: RESPVersion? = nil, login: Login? = nil, name: Bytes? = nil) {
        (self.version, self.login, self.name) = (version, login, name)
    }

    init(reading reader: inout CommandReader) throws(WireError) {
        self.init()
        guard let text = reader.next() else { return }
        guard let number = Decimal.parse(text) else {
            throw WireError("Protocol version is not an integer or out of range")
        }
        version = RESPVersion(rawValue: number)
        guard version != nil else { throw WireError("unsupported protocol version", prefix: "NOPROTO") }
        while let option = reader.next() {
            switch Keyword(option) {
            case "AUTH" where reader.remaining >= 2: login = try Login(reading: &reader)
            case "SETNAME" where reader.remaining >= 1: name = try reader.label("Client names")
            default: throw WireError("Syntax error in HELLO option '\(WireError.excerpt(of: option))'")
            }
        }
    }

    var words: [Bytes] {
        var words = [Bytes(ascii: "HELLO")]
        guard let version else { return words }
        words.append(Bytes(decimal: version.rawValue))
        if let login { words += [Bytes(ascii: "AUTH"), login.user, login.password] }
        if let name { words += [Bytes(ascii: "SETNAME"), name] }
        return words
    }
}
