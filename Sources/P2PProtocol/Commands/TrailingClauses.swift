/// The trailing clauses `[LIMIT n] [CURSOR c] [OFFLINE]`, taken from the end backwards, each at most once: what stands
/// before another argument is no clause but a part of what is searched for.
struct TrailingClauses {
    private(set) var page: Page
    private(set) var offline = false
    private var hasLimit = false
    private var hasCursor = false

    /// `kept` arguments at the front are no clauses even if they look like them.
    init(reading reader: inout CommandReader, keeping kept: Int, allowsOffline: Bool = false) throws(WireError) {
        page = Page(limit: reader.limits.pageDefault)
        while let last = reader.tail(1, keeping: kept) {
            if allowsOffline, !offline, Keyword(last) == "OFFLINE" {
                offline = true
                reader.dropTail(1)
            } else if let word = reader.tail(2, keeping: kept), try take(Keyword(word), last, reader) {
                reader.dropTail(2)
            } else {
                return
            }
        }
    }

    private mutating func take(
        _ word: Keyword, _ value: CommandReader.Text, _ reader: CommandReader
    ) throws(WireError) -> Bool {
        switch word {
        case "LIMIT" where !hasLimit:
            guard let limit = Decimal.parse(value, in: 1...reader.limits.pageMaximum) else {
                throw reader.fault("LIMIT is not a number from 1 to \(reader.limits.pageMaximum)")
            }
            (page.limit, hasLimit) = (limit, true)
        case "CURSOR" where !hasCursor:
            guard !value.isEmpty, value.count <= reader.limits.labelBytes else {
                throw reader.fault("CURSOR is not valid")
            }
            page.cursor = value.elementsEqual(CollectionOfOne(UInt8(ascii: "0"))) ? nil : Bytes(value)
            hasCursor = true
        default:
            return false
        }
        return true
    }
}
