package import P2PProtocol

/// A SEARCH or LIST on its way: it is advanced in steps, so that a long one does not keep others from the index, and
/// in the end holds the total and one page.
package struct Search: Sendable {
    /// What one line of the answer is.
    package enum Grouping: Sendable {
        /// SEARCH: a content, whatever its names.
        case contents
        /// LIST: a name, whatever its contents.
        case names
    }

    let query: Query
    let grouping: Grouping
    let limit: Int
    let start: Cursor?
    /// Whether what only absent peers have is in the answer.
    package let includesOffline: Bool
    var progress = Progress()

    /// The answer counts from the beginning but shows from the cursor on.
    package init(
        _ query: Query, for grouping: Grouping, page: Page, includesOffline: Bool = false
    ) throws(Refusal) {
        self.query = query
        self.includesOffline = includesOffline
        self.grouping = grouping
        limit = page.limit
        start = try Cursor.parse(page.cursor)
    }

    /// How many lines the answer has altogether.
    package var total: Int { progress.total }

    /// Whether the answer is all that is live, of which the counts are kept.
    var isEverything: Bool { query.isEverything && !includesOffline }

    /// Where the next page begins; `0` ends.
    package var next: Bytes { progress.next?.text ?? Cursor.end }

    /// The contents or names of this page, in their order.
    package var page: [UInt32] { progress.page }

    /// What has been found so far. It speaks of titles by their numbers: a compaction starts it anew.
    struct Progress: Sendable {
        var epoch: Int?
        var plan: SearchPlan?
        var phase = Cursor.Phase.exact
        var position: TitleID = 0
        /// The same among the titles that are not in the lists.
        var waiting: TitleID = 0
        var total = 0
        var page: [UInt32] = []
        var next: Cursor?
        /// Groups that were listed as exact; groups of several titles that were met among the exact ones, and among the
        /// rest.
        var exact = GroupSet()
        var met = GroupSet()
        var seen = GroupSet()
        var isFinished = false
    }
}
