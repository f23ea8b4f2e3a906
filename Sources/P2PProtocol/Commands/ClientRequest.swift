/// `CLIENT …`: what stock clients say about themselves and ask about others.
package enum ClientRequest: Hashable, Sendable {
    /// `ID`
    case id
    /// `INFO`
    case info
    /// `LIST`
    case list
    /// `GETNAME`
    case name
    /// `SETNAME name`; empty takes the name away.
    case setName(Bytes)
    /// `SETINFO LIB-NAME value`
    case setLibrary(Bytes)
    /// `SETINFO LIB-VER value`
    case setLibraryVersion(Bytes)

    init(reading reader: inout CommandReader) throws(WireError) {
        switch reader.keyword() {
        case "ID":
            reader.enter("CLIENT ID")
            self = .id
        case "INFO":
            reader.enter("CLIENT INFO")
            self = .info
        case "LIST":
            reader.enter("CLIENT LIST")
            self = .list
        case "GETNAME":
            reader.enter("CLIENT GETNAME")
            self = .name
        case "SETNAME":
            reader.enter("CLIENT SETNAME")
            self = .setName(try reader.label("Client names"))
        case "SETINFO":
            reader.enter("CLIENT SETINFO")
            self = try Self.library(&reader)
        default:
            throw reader.unknownSubcommand
        }
        try reader.finish()
    }

    private static func library(_ reader: inout CommandReader) throws(WireError) -> ClientRequest {
        let attribute = try reader.text()
        switch Keyword(attribute) {
        case "LIB-NAME": return .setLibrary(try reader.label("lib-name"))
        case "LIB-VER": return .setLibraryVersion(try reader.label("lib-ver"))
        default: throw WireError("Unrecognized option '\(WireError.excerpt(of: attribute))'")
        }
    }

    var words: [Bytes] {
        let verb = Bytes(ascii: "CLIENT")
        let setInfo = [verb, Bytes(ascii: "SETINFO")]
        return switch self {
        case .id: [verb, Bytes(ascii: "ID")]
        case .info: [verb, Bytes(ascii: "INFO")]
        case .list: [verb, Bytes(ascii: "LIST")]
        case .name: [verb, Bytes(ascii: "GETNAME")]
        case .setName(let name): [verb, Bytes(ascii: "SETNAME"), name]
        case .setLibrary(let value): setInfo + [Bytes(ascii: "LIB-NAME"), value]
        case .setLibraryVersion(let value): setInfo + [Bytes(ascii: "LIB-VER"), value]
        }
    }
}

extension CommandReader {
    /// A word that stands in the lines of `CLIENT LIST`: visible ASCII, or nothing.
    mutating func label(_ what: StaticString) throws(WireError) -> Bytes {
        let text = try text()
        guard text.count <= limits.labelBytes, text.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw WireError("\(what) cannot contain spaces, newlines or special characters.")
        }
        return Bytes(text)
    }
}
