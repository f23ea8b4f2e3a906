/// `CONFIG …`
package enum ConfigRequest: Hashable, Sendable {
    /// One setting with its value.
    package struct Setting: Hashable, Sendable {
        package let name: Bytes
        package let value: Bytes

        package init(name: Bytes, value: Bytes) {
            (self.name, self.value) = (name, value)
        }
    }

    /// `GET pattern…`
    case get([Bytes])
    /// `SET name value…`, for administrators.
    case set([Setting])

    init(reading reader: inout CommandReader) throws(WireError) {
        switch reader.keyword() {
        case "GET":
            reader.enter("CONFIG GET")
            guard reader.remaining > 0 else { throw reader.arity }
            self = .get(reader.rest())
        case "SET":
            reader.enter("CONFIG SET")
            guard reader.remaining > 0, reader.remaining.isMultiple(of: 2) else { throw reader.arity }
            var settings: [Setting] = []
            while reader.remaining > 0 {
                settings.append(Setting(name: try reader.bytes(), value: try reader.bytes()))
            }
            self = .set(settings)
        default:
            throw reader.unknownSubcommand
        }
    }

    var words: [Bytes] {
        let verb = Bytes(ascii: "CONFIG")
        return switch self {
        case .get(let patterns): [verb, Bytes(ascii: "GET")] + patterns
        case .set(let settings): [verb, Bytes(ascii: "SET")] + settings.flatMap { [$0.name, $0.value] }
        }
    }
}
