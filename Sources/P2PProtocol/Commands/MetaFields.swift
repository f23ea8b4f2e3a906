/// What is said about a title: `title field value… [AT ms BY user]`.
package struct MetaFields: Hashable, Sendable {
    /// One field with its value.
    package struct Field: Hashable, Sendable {
        package let name: Bytes
        package let value: Bytes

        package init(name: Bytes, value: Bytes) {
            (self.name, self.value) = (name, value)
        }
    }

    /// When and by whom it was said first, where it is passed on.
    package struct Stamp: Hashable, Sendable {
        /// Milliseconds since 1970.
        package let time: Int
        package let user: Bytes

        package init(time: Int, user: Bytes) {
            (self.time, self.user) = (time, user)
        }
    }

    package let title: Bytes
    package let fields: [Field]
    package let stamp: Stamp?

    package init(title: Bytes, fields: [Field], stamp: Stamp? = nil) {
        (self.title, self.fields, self.stamp) = (title, fields, stamp)
    }

    init(reading reader: inout CommandReader) throws(WireError) {
        let title = try reader.bytes("title", upTo: reader.limits.nameBytes)
        let stamp = Stamp(trailing: &reader)
        guard reader.remaining > 0, reader.remaining.isMultiple(of: 2) else { throw reader.arity }
        var fields: [Field] = []
        while reader.remaining > 0 {
            let name = try reader.bytes("field", upTo: reader.limits.labelBytes)
            fields.append(Field(name: name, value: try reader.bytes()))
        }
        self.init(title: title, fields: fields, stamp: stamp)
    }

    var words: [Bytes] {
        var words = [title] + fields.flatMap { [$0.name, $0.value] }
        if let stamp { words += [Bytes(ascii: "AT"), Bytes(decimal: stamp.time), Bytes(ascii: "BY"), stamp.user] }
        return words
    }
}

extension MetaFields.Stamp {
    /// The last four arguments where they fit `AT ms BY user` and a field stands before them: fields may have those
    /// names too.
    fileprivate init?(trailing reader: inout CommandReader) {
        guard let at = reader.tail(4, keeping: 2), let digits = reader.tail(3, keeping: 2),
            let by = reader.tail(2, keeping: 2), let user = reader.tail(1, keeping: 2),
            Keyword(at) == "AT", let time = Decimal.parse(digits), Keyword(by) == "BY",
            !user.isEmpty, user.count <= reader.limits.labelBytes
        else { return nil }
        self.init(time: time, user: Bytes(user))
        reader.dropTail(4)
    }
}
