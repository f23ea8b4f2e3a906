package import P2PProtocol
internal import P2PRuntime

/// What came of telling one server something about a title.
package enum TitleChange: Equatable, Sendable {
    /// So many fields are new there now.
    case changed(Int)
    /// It knows nothing of the title, which only `add` makes known.
    case unknown
    /// It knows it already, or somebody has said something else since.
    case nothing

    /// In a few words.
    package var text: String {
        switch self {
        case .changed(let count): count == 1 ? "1 field set" : "\(count) fields set"
        case .unknown: "does not know the title"
        case .nothing: "nothing changed"
        }
    }
}

extension IndexGroup {
    /// What every server knows about a title.
    package func record(of title: Bytes) async -> GroupAnswer<TitleRecord?> {
        await ask { connection throws(IndexFailure) in try await connection.record(of: title, within: Self.patience) }
    }

    /// What every server knows about all titles.
    package func records() async -> GroupAnswer<[TitleRecord]> {
        await ask { connection throws(IndexFailure) in
            try await IndexPage.all { page throws(IndexFailure) in
                try await connection.records(page, within: Self.patience)
            }
        }
    }

    /// Changes fields of a title wherever it is known.
    package func edit(_ fields: MetaFields) async -> GroupAnswer<TitleChange> {
        await ask { connection throws(IndexFailure) in
            let count = try await connection.tell(.edit(fields), within: Self.patience)
            if count > 0 { return .changed(count) }
            return try await connection.record(of: fields.title, within: Self.patience) == nil ? .unknown : .nothing
        }
    }

    /// Adds a title, and fields of it, wherever they are missing.
    package func add(_ fields: MetaFields) async -> GroupAnswer<TitleChange> {
        await ask { connection throws(IndexFailure) in
            let count = try await connection.tell(.add(fields), within: Self.patience)
            return count > 0 ? .changed(count) : .nothing
        }
    }
}

extension IndexConnection {
    fileprivate func record(of title: Bytes, within limit: Duration) async throws(IndexFailure) -> TitleRecord? {
        TitleRecord(title: title, try await ask(.meta(.get(title)), within: limit))
    }

    fileprivate func records(_ page: Page, within limit: Duration) async throws(IndexFailure) -> IndexPage<TitleRecord>
    {
        try IndexPage(try await ask(.meta(.all(page)), within: limit)) { TitleRecord($0) }
    }

    fileprivate func tell(_ request: MetaRequest, within limit: Duration) async throws(IndexFailure) -> Int {
        try Self.integer(try await ask(.meta(request), within: limit))
    }
}
