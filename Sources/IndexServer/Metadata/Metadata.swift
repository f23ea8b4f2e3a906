package import P2PProtocol

/// What is known about all titles, as a value. A change is drafted first, so that it can be brought to the disk before
/// anybody sees it.
package struct Metadata: Sendable {
    private struct Entry {
        let id: Int
        /// Nil when it was deleted.
        var key: Bytes?
    }

    private let limits: Limits
    private var records: [Bytes: TitleRecord] = [:]
    /// By ascending id: where an answer goes on does not depend on what changes meanwhile.
    private var order: [Entry] = []
    private(set) var bytes = 0
    private(set) var nextID: Int

    /// `records` by ascending id; `nextID` is above all that were ever used.
    package init(limits: Limits = .standard, records: [TitleRecord] = [], nextID: Int = 1) {
        self.limits = limits
        self.nextID = nextID
        for record in records { set(record, at: Self.key(record.title)) }
    }

    /// How many titles are known.
    package var count: Int { records.count }

    /// What is known about a title.
    package func record(of title: Bytes) -> TitleRecord? { records[Self.key(title)] }

    /// A page of all titles in the order in which they became known. It ends early where it becomes long.
    package func page(_ page: Page) throws(WireError) -> (next: Bytes, records: [TitleRecord]) {
        guard let start = page.cursor.map({ Decimal.parse($0) }) ?? 0 else {
            throw WireError("META ALL: CURSOR is not one that an answer gave")
        }
        var (found, size): ([TitleRecord], Int) = ([], 0)
        for entry in order[place(of: start)...] {
            guard let record = entry.key.flatMap({ records[$0] }) else { continue }
            guard found.count < page.limit, size < limits.metaPageBytes else {
                return (Bytes(decimal: entry.id), found)
            }
            found.append(record)
            size += record.bytes
        }
        return ([UInt8(ascii: "0")], found)
    }

    // MARK: Changes

    /// What the changes lead to, one after the other, and what each of them is answered.
    package func draft(_ changes: [MetadataChange]) -> MetadataDraft {
        var draft = MetadataDraft(nextID: nextID, count: count, bytes: bytes)
        draft.answers = changes.map { change in
            Result { () throws(WireError) in try apply(change, to: &draft) }
        }
        return draft
    }

    /// Makes a draft come true.
    package mutating func commit(_ draft: MetadataDraft) {
        nextID = draft.nextID
        for (key, record) in draft.records.sorted(by: { ($0.value?.id ?? 0) < ($1.value?.id ?? 0) }) {
            if let record { set(record, at: key) } else { remove(key) }
        }
    }

    private func apply(_ change: MetadataChange, to draft: inout MetadataDraft) throws(WireError) -> Int {
        let key = Self.key(change.title)
        let old = draft.records[key] ?? records[key]
        var new: TitleRecord?
        var changed = 0
        switch change {
        case .delete:
            changed = old == nil ? 0 : 1
        case .add(let said):
            new = old ?? TitleRecord(id: draft.nextID, title: said.title)
            changed = new?.add(said) ?? 0
        case .edit(let said):
            new = old
            changed = new?.edit(said) ?? 0
        }
        guard changed > 0 else { return 0 }
        try check(new, insteadOf: old, change, draft)
        if old == nil { draft.nextID += 1 }
        draft.replace(key, old, by: new)
        return changed
    }

    private func check(
        _ new: TitleRecord?, insteadOf old: TitleRecord?, _ change: MetadataChange, _ draft: MetadataDraft
    ) throws(WireError) {
        guard let new else { return }
        guard new.fields.count <= limits.metaFields else {
            throw WireError("\(change.verb): more than \(limits.metaFields) fields of one title")
        }
        guard new.fields.allSatisfy({ $0.value.count <= limits.metaValueBytes }) else {
            throw WireError("\(change.verb): value is longer than \(limits.metaValueBytes) bytes")
        }
        guard old != nil || draft.count < limits.metaTitles else {
            throw WireError("\(change.verb): more than \(limits.metaTitles) titles")
        }
        guard draft.bytes - (old?.bytes ?? 0) + new.bytes <= limits.metaBytes else {
            throw WireError("\(change.verb): more than \(limits.metaBytes) bytes about all titles")
        }
    }

    // MARK: Order

    private mutating func set(_ record: TitleRecord, at key: Bytes) {
        let old = records.updateValue(record, forKey: key)
        bytes += record.bytes - (old?.bytes ?? 0)
        nextID = max(nextID, record.id + 1)
        if let old, old.id == record.id { return }
        if let old { drop(old.id) }
        order.append(Entry(id: record.id, key: key))
    }

    private mutating func remove(_ key: Bytes) {
        guard let old = records.removeValue(forKey: key) else { return }
        bytes -= old.bytes
        drop(old.id)
    }

    private mutating func drop(_ id: Int) {
        let place = place(of: id)
        if place < order.count, order[place].id == id { order[place].key = nil }
        if order.count > 64, records.count < order.count / 2 { order.removeAll { $0.key == nil } }
    }

    /// Where the first entry stands whose id is not below `id`.
    private func place(of id: Int) -> Int {
        var (low, high) = (0, order.count)
        while low < high {
            let middle = (low + high) / 2
            if order[middle].id < id { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Titles compare folded; one of which nothing is left is itself.
    private static func key(_ title: Bytes) -> Bytes {
        let folded = Folding.fold(title)
        return folded.isEmpty ? title : folded
    }
}
