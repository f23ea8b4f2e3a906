/// The number of a title. They ascend in the order of creation, which is the order of every answer.
package typealias TitleID = UInt32

extension UInt32 {
    /// No title, no list, no name.
    static let none = UInt32.max
}

/// One content under one name: what the inverted index points to. A content that goes by several names has as many
/// titles, so that a list only ever grows at its end and a query is matched against one name at a time.
struct Title {
    let content: ContentID
    let name: NameID
}

/// The titles by number, with what is counted of each: entries of peers under it, and those that may be shown.
struct TitleTable {
    private var records: [Title] = []
    private var heldCounts = Counts()
    private var shownCounts = Counts()
    private var olderOfContent = Links()
    private var olderOfName = Links()

    var count: Int { records.count }

    subscript(_ title: Int) -> Title { records[title] }

    /// Adds a title before older ones of its content and its name.
    mutating func append(_ title: Title, beforeOfContent sibling: TitleID, beforeOfName namesake: TitleID) -> TitleID {
        let number = TitleID(records.count)
        records.appendTightly(title)
        heldCounts.append()
        shownCounts.append()
        if sibling != .none { olderOfContent[number] = sibling }
        if namesake != .none { olderOfName[number] = namesake }
        return number
    }

    /// The next older title of the same content.
    func nextOfContent(_ title: TitleID) -> TitleID { olderOfContent[title] }

    /// The next older title of the same name.
    func nextOfName(_ title: TitleID) -> TitleID { olderOfName[title] }

    func held(_ title: TitleID) -> UInt32 { heldCounts[title] }

    func shown(_ title: TitleID) -> UInt32 { shownCounts[title] }

    /// Puts both counts of a title.
    mutating func count(_ title: TitleID, held: UInt32, shown: UInt32) {
        heldCounts.set(title, to: held)
        shownCounts.set(title, to: shown)
    }

    /// Counts one entry more; true for the first.
    mutating func hold(_ title: TitleID) -> Bool { heldCounts.increment(title) == 1 }

    /// Counts one entry less; true for the last.
    mutating func release(_ title: TitleID) -> Bool { heldCounts.decrement(title) == 0 }

    /// Counts one shown entry more; true for the first.
    mutating func show(_ title: TitleID) -> Bool { shownCounts.increment(title) == 1 }

    /// Counts one shown entry less; true for the last.
    mutating func hide(_ title: TitleID) -> Bool { shownCounts.decrement(title) == 0 }
}
