/// `META …`: the free fields that are kept about a title.
package enum MetaRequest: Hashable, Sendable {
    /// `GET title`
    case get(Bytes)
    /// `DEL title`
    case delete(Bytes)
    /// `ADD title field value… [AT ms BY user]`
    case add(MetaFields)
    /// `EDIT title field value… [AT ms BY user]`
    case edit(MetaFields)
    /// `ALL [LIMIT n] [CURSOR c]`
    case all(Page)

    init(reading reader: inout CommandReader) throws(WireError) {
        switch reader.keyword() {
        case "GET":
            reader.enter("META GET")
            self = .get(try Self.title(&reader))
        case "DEL":
            reader.enter("META DEL")
            self = .delete(try Self.title(&reader))
        case "ADD":
            reader.enter("META ADD")
            self = .add(try MetaFields(reading: &reader))
        case "EDIT":
            reader.enter("META EDIT")
            self = .edit(try MetaFields(reading: &reader))
        case "ALL":
            reader.enter("META ALL")
            self = .all(try TrailingClauses(reading: &reader, keeping: 0).page)
            if let option = reader.next() { throw reader.unknownOption(option) }
        default:
            throw reader.fault("neither GET, ADD, EDIT, DEL nor ALL follows")
        }
    }

    private static func title(_ reader: inout CommandReader) throws(WireError) -> Bytes {
        let title = try reader.bytes("title", upTo: reader.limits.nameBytes)
        try reader.finish()
        return title
    }

    var words: [Bytes] {
        let verb = Bytes(ascii: "META")
        return switch self {
        case .get(let title): [verb, Bytes(ascii: "GET"), title]
        case .delete(let title): [verb, Bytes(ascii: "DEL"), title]
        case .add(let fields): [verb, Bytes(ascii: "ADD")] + fields.words
        case .edit(let fields): [verb, Bytes(ascii: "EDIT")] + fields.words
        case .all(let page): [verb, Bytes(ascii: "ALL")] + page.words
        }
    }
}
