/// The next older title of each title, for the few that have one: pages that are made when first needed.
struct Links {
    private static let pageBits: UInt32 = 8
    private var pages: [[TitleID]] = []

    subscript(title: TitleID) -> TitleID {
        get {
            let page = Int(title >> Self.pageBits)
            guard page < pages.count, !pages[page].isEmpty else { return .none }
            return pages[page][Int(title & (1 << Self.pageBits - 1))]
        }
        set {
            let page = Int(title >> Self.pageBits)
            while pages.count <= page { pages.appendTightly([]) }
            if pages[page].isEmpty { pages[page] = [TitleID](repeating: .none, count: 1 << Self.pageBits) }
            pages[page][Int(title & (1 << Self.pageBits - 1))] = newValue
        }
    }
}
