package import P2PProtocol
package import P2PRuntime

/// What several servers know about one title, side by side.
package struct TitleComparison: Equatable, Sendable {
    /// A field, and what each server says of it; nil where it says nothing.
    package struct Row: Equatable, Sendable {
        package let field: Bytes
        package let values: [Bytes?]

        /// Whether they do not all say the same.
        package var differs: Bool { values.contains { $0 != values.first } }
    }

    package let title: Bytes
    package let servers: [ServerAddress]
    /// By server: whether it knows the title at all.
    package let knows: [Bool]
    package let rows: [Row]

    /// Nil when no server knows it.
    package init?(_ answers: [(server: ServerAddress, value: TitleRecord?)]) {
        guard let title = answers.lazy.compactMap({ $0.value?.title }).first else { return nil }
        self.title = title
        servers = answers.map(\.server)
        knows = answers.map { $0.value != nil }
        var places: [Bytes: Int] = [:]
        var rows: [(field: Bytes, values: [Bytes?])] = []
        for (column, answer) in answers.enumerated() {
            for field in answer.value?.fields ?? [] {
                let place = places[field.name] ?? rows.count
                if place == rows.count {
                    places[field.name] = place
                    rows.append((field.name, Array(repeating: nil, count: answers.count)))
                }
                rows[place].values[column] = field.value
            }
        }
        self.rows = rows.map { Row(field: $0.field, values: $0.values) }
    }

    /// Whether the servers do not know the same.
    package var differs: Bool { knows.contains(false) || rows.contains(where: \.differs) }

    /// All titles of all servers, in the order of their search keys, which titles are compared by.
    package static func all(of answers: [(server: ServerAddress, value: [TitleRecord])]) -> [TitleComparison] {
        var byKey: [Bytes: [TitleRecord?]] = [:]
        for (column, answer) in answers.enumerated() {
            for record in answer.value {
                byKey[Folding.fold(record.title), default: Array(repeating: nil, count: answers.count)][column] = record
            }
        }
        return byKey.sorted { $0.key.lexicographicallyPrecedes($1.key) }.compactMap { _, records in
            TitleComparison(zip(answers, records).map { ($0.server, $1) })
        }
    }
}
