/// `UPD …`: what has changed in a peer's list.
package enum Update: Hashable, Sendable {
    /// `ADD NAMES name…` or `ADD FILES (path size root)…`
    case add([FileEntry])
    /// `DEL path…`
    case delete([Name])
    /// `GOT …`: a transfer is complete.
    case got(Acquisition)
    /// `PARTIAL <root>`: the caller is a source of the pieces that it has so far.
    case partial(Digest)

    init(reading reader: inout CommandReader) throws(WireError) {
        switch reader.keyword() {
        case "ADD":
            reader.enter("UPD ADD")
            guard reader.remaining > 1 else { throw reader.arity }
            guard let entries = try reader.entries() else { throw reader.fault("neither NAMES nor FILES follows") }
            self = .add(entries)
        case "DEL":
            reader.enter("UPD DEL")
            self = .delete(try Self.names(&reader))
        case "GOT":
            reader.enter("UPD GOT")
            self = .got(try Acquisition(reading: &reader))
        case "PARTIAL":
            reader.enter("UPD PARTIAL")
            self = .partial(try reader.digest("root"))
            try reader.finish()
        default:
            throw reader.fault("neither ADD, DEL, GOT nor PARTIAL follows")
        }
    }

    private static func names(_ reader: inout CommandReader) throws(WireError) -> [Name] {
        var names = [try reader.name()]
        names.reserveCapacity(reader.remaining + 1)
        while reader.remaining > 0 { names.append(try reader.name()) }
        return names
    }

    var words: [Bytes] {
        let verb = Bytes(ascii: "UPD")
        return switch self {
        case .add(let entries): [verb, Bytes(ascii: "ADD")] + entries.words
        case .delete(let names): [verb, Bytes(ascii: "DEL")] + names.map(\.bytes)
        case .got(let acquisition): [verb, Bytes(ascii: "GOT")] + acquisition.words
        case .partial(let root): [verb, Bytes(ascii: "PARTIAL"), root.hex]
        }
    }
}
