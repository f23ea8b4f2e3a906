/// The number of a title. They ascend in the order of creation, which is the order of every answer.
typealias TitleID = UInt32

extension UInt32 {
    /// No title, no list, no name.
    static let none = UInt32.max
}

/// One content under one name: what the inverted index points to. A content that goes by several names has as many
/// titles, so that a list only ever grows at its end and a query is matched against one name at a time.
struct Title {
    let content: ContentID
    let name: NameID
    /// The next older title of the same content, and of the same name.
    let nextOfContent: TitleID
    let nextOfName: TitleID
    /// Entries of peers under this title, and those of them that may be shown.
    var held: UInt32 = 0
    var shown: UInt32 = 0
}
