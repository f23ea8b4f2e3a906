internal import P2PProtocol

/// The number of an interned name.
typealias NameID = UInt32

/// Every name once, by its bytes.
struct NameTable {
    /// What is kept of one name.
    struct Record {
        let offset: UInt32
        let length: UInt16
        /// The newest title under this name; the others hang behind it.
        var firstTitle: TitleID = .none
        /// How many of its titles are shown; LIST and CHECK know the name while there is one.
        var shown: UInt32 = 0
    }

    private(set) var records: [Record] = []
    /// How many names are shown.
    private(set) var shownCount = 0
    private var arena = Arena()
    private var table = IDTable()

    func find(_ bytes: Span<UInt8>) -> NameID? {
        table.find(IDTable.hash(bytes)) { arena.holds(bytes, at: records[Int($0)].offset, length: length($0)) }
    }

    /// The number of a name, new or old; nil when the arena is full.
    mutating func intern(_ bytes: Span<UInt8>) -> NameID? {
        let hash = IDTable.hash(bytes)
        let known = table.find(hash) { arena.holds(bytes, at: records[Int($0)].offset, length: length($0)) }
        if let known { return known }
        guard let length = UInt16(exactly: bytes.count), let offset = arena.append(bytes) else { return nil }
        records.appendTightly(Record(offset: offset, length: length))
        let name = NameID(records.count - 1)
        table.insert(hash, name)
        return name
    }

    func withBytes<Result>(_ name: NameID, _ body: (Span<UInt8>) throws -> Result) rethrows -> Result {
        let record = records[Int(name)]
        return try arena.withBytes(at: record.offset, length: Int(record.length), body)
    }

    func bytes(_ name: NameID) -> Bytes { withBytes(name) { Bytes($0) } }

    func precedes(_ left: NameID, _ right: NameID) -> Bool {
        withBytes(left) { one in
            withBytes(right) { other in
                one.withUnsafeBufferPointer { first in
                    other.withUnsafeBufferPointer { first.lexicographicallyPrecedes($0) }
                }
            }
        }
    }

    subscript(_ name: NameID) -> Record { records[Int(name)] }

    mutating func link(_ title: TitleID, to name: NameID) { records[Int(name)].firstTitle = title }

    /// Some more of a name's titles are shown.
    mutating func show(_ name: NameID, times: UInt32 = 1) {
        if records[Int(name)].shown == 0 { shownCount += 1 }
        records[Int(name)].shown += times
    }

    mutating func hide(_ name: NameID) {
        records[Int(name)].shown -= 1
        if records[Int(name)].shown == 0 { shownCount -= 1 }
    }

    private func length(_ name: NameID) -> Int { Int(records[Int(name)].length) }
}
