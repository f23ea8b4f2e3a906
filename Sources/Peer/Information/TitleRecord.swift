package import P2PProtocol

/// What one index knows about a title: its free fields, in the order in which it tells them.
package struct TitleRecord: Equatable, Sendable {
    /// As it was spelt first.
    package let title: Bytes
    package let fields: [MetaFields.Field]

    package init(title: Bytes, fields: [MetaFields.Field]) {
        (self.title, self.fields) = (title, fields)
    }

    /// Reads the map of META GET.
    init?(title: Bytes, _ reply: Reply) {
        guard case .map(let entries) = reply else { return nil }
        self.init(
            title: title,
            fields: entries.compactMap { entry in
                guard let name = entry.key.bytes, let value = entry.value.bytes else { return nil }
                return MetaFields.Field(name: name, value: value)
            })
    }

    /// Reads an entry of META ALL, a title and its map.
    init?(_ reply: Reply) {
        guard let title = reply[0]?.bytes, let fields = reply[1] else { return nil }
        self.init(title: title, fields)
    }
}
