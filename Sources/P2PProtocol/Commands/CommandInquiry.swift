/// `COMMAND …`: what the index understands; `CommandTable` has the answers.
package enum CommandInquiry: Hashable, Sendable {
    /// Without more: all that there is.
    case all
    /// `COUNT`
    case count
    /// `LIST`
    case list
    /// `DOCS [name…]`
    case docs([Bytes])
    /// `INFO [name…]`
    case info([Bytes])

    init(reading reader: inout CommandReader) throws(WireError) {
        guard reader.remaining > 0 else {
            self = .all
            return
        }
        switch reader.keyword() {
        case "COUNT":
            reader.enter("COMMAND COUNT")
            self = .count
        case "LIST":
            reader.enter("COMMAND LIST")
            self = .list
        case "DOCS": self = .docs(reader.rest())
        case "INFO": self = .info(reader.rest())
        default: throw reader.unknownSubcommand
        }
        try reader.finish()
    }

    var words: [Bytes] {
        let verb = Bytes(ascii: "COMMAND")
        return switch self {
        case .all: [verb]
        case .count: [verb, Bytes(ascii: "COUNT")]
        case .list: [verb, Bytes(ascii: "LIST")]
        case .docs(let names): [verb, Bytes(ascii: "DOCS")] + names
        case .info(let names): [verb, Bytes(ascii: "INFO")] + names
        }
    }
}
