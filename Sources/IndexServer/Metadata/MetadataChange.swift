package import P2PProtocol

/// What META is asked to change.
package enum MetadataChange: Sendable {
    case add(Statement)
    case edit(Statement)
    case delete(Bytes)

    var title: Bytes {
        switch self {
        case .add(let said), .edit(let said): said.title
        case .delete(let title): title
        }
    }

    var verb: String {
        switch self {
        case .add: "META ADD"
        case .edit: "META EDIT"
        case .delete: "META DEL"
        }
    }
}

/// What changes lead to once they are on the disk.
package struct MetadataDraft: Sendable {
    /// The new records by their keys; nil for those that go.
    private(set) var records: [Bytes: TitleRecord?] = [:]
    /// Records of before that are gone or replaced.
    private(set) var outdated: Set<Int> = []
    /// For each change what it is answered.
    package internal(set) var answers: [Result<Int, WireError>] = []
    var nextID: Int
    private(set) var count: Int
    private(set) var bytes: Int

    init(nextID: Int, count: Int, bytes: Int) {
        (self.nextID, self.count, self.bytes) = (nextID, count, bytes)
    }

    /// Whether there is nothing to write.
    var isEmpty: Bool { records.isEmpty }

    /// Records that are new or different, by ascending id.
    var written: [TitleRecord] { records.values.compactMap(\.self).sorted { $0.id < $1.id } }

    mutating func replace(_ key: Bytes, _ old: TitleRecord?, by new: TitleRecord?) {
        records[key] = .some(new)
        if let old { outdated.insert(old.id) }
        count += (new == nil ? 0 : 1) - (old == nil ? 0 : 1)
        bytes += (new?.bytes ?? 0) - (old?.bytes ?? 0)
    }
}
