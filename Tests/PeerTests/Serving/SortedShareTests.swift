import P2PProtocol
import P2PRuntime
import Peer
import TestSupport
import Testing

@Suite struct SortedShareTests {
    /// A share of files whose sizes are 1, 2, 3 … in the order given here.
    private static func share(_ names: [Bytes]) throws -> SortedShare {
        let entries = try names.enumerated().map { index, name in
            LibraryEntry(
                name: try Name(name),
                identity: FileIdentity(device: 1, inode: UInt64(index), size: index + 1, modified: 0),
                root: index.isMultiple(of: 2) ? Digest(words: (0, 0, 0, UInt64(index))) : nil, folder: 0)
        }
        return SortedShare(sorted: entries.sorted { $0.name < $1.name })
    }

    private static func share(_ names: String...) throws -> SortedShare {
        try share(names.map { Bytes($0.utf8) })
    }

    private static func names(_ listing: ShareListing?) -> [String] {
        (listing?.entries ?? []).map { String(decoding: $0.name, as: UTF8.self) }
    }

    private static func list(_ share: SortedShare, _ folder: String, limit: Int = 1_000) -> ShareListing? {
        share.listing(of: Bytes(folder.utf8), from: .start, limit: limit)
    }

    @Test(
        "shows what lies in a folder, and what lies deeper only as folders",
        arguments: [
            ("", ["a", "a.b/", "a/", "ab", "b/"]), ("a", ["b/", "x", "y/"]), ("a/", ["b/", "x", "y/"]),
            ("a/b", ["c", "d"]), ("a.b", ["z"]), ("b", ["c/"]), ("b/c", ["d/"]), ("b/c/d", ["e"]),
        ])
    func folders(folder: String, names: [String]) throws {
        let share = try Self.share("a/x", "ab", "a/b/c", "a/b/d", "b/c/d/e", "a.b/z", "a", "a/y/z")
        let listing = Self.list(share, folder)
        #expect(Self.names(listing) == names)
        #expect(listing?.total == names.count)
        #expect(listing?.next == Bytes("0".utf8))
    }

    @Test(
        "has no folders but those that files lie in", arguments: ["c", "a/x", "a/b/c/d", "/", "//", "a//", "./a", ".."])
    func noFolder(folder: String) throws {
        #expect(Self.list(try Self.share("a/x", "a/b/c"), folder) == nil)
    }

    @Test("an empty share has an empty top and nothing else")
    func empty() throws {
        #expect(Self.list(try Self.share(), "")?.total == 0)
        #expect(Self.list(try Self.share(), "a") == nil)
    }

    @Test("sums folders up, and gives files their own size and root")
    func sizes() throws {
        let entries = try #require(Self.list(try Self.share("a/b/c", "a/x", "y", "z"), "")).entries
        #expect(entries.map(\.size) == [3, 3, 4])
        #expect(entries.map { $0.root != nil } == [false, true, false])
        #expect(entries.map(\.isFolder) == [true, false, false])
    }

    @Test("pages of any size show the same as one", arguments: 1...40 as ClosedRange<UInt64>)
    func paging(seed: UInt64) throws {
        var generator = Seeded(seed: seed)
        let parts = ["a", "b", "a.", "a0", "-", "\u{FF}", "ab"]
        let names = Set(
            (0..<60).map { _ in
                (0...Int.random(in: 0...3, using: &generator)).map { _ in parts.randomElement(using: &generator) ?? "a"
                }
                .joined(separator: "/")
            })
        let share = try Self.share(names.map { Bytes($0.utf8) })
        for folder in ["", "a", "a/b", "a."] {
            guard let whole = Self.list(share, folder) else { continue }
            #expect(Set(Self.names(whole)) == Self.expected(names, in: folder))
            for limit in [1, 2, 7] {
                var (entries, cursor) = ([ShareListing.Entry](), ShareCursor.start)
                repeat {
                    let page = try #require(share.listing(of: Bytes(folder.utf8), from: cursor, limit: limit))
                    #expect(page.total == whole.total)
                    #expect(page.entries.count <= limit)
                    entries += page.entries
                    cursor = try #require(ShareCursor(page.next))
                } while cursor != .start
                #expect(entries == whole.entries)
            }
        }
    }

    private static func expected(_ names: Set<String>, in folder: String) -> Set<String> {
        let prefix = folder.isEmpty ? "" : folder + "/"
        return Set(
            names.filter { $0.hasPrefix(prefix) }.map { name in
                let rest = name.dropFirst(prefix.count)
                guard let slash = rest.firstIndex(of: "/") else { return String(rest) }
                return String(rest[...slash])
            })
    }

    @Test("a cursor stays right when what it names has gone")
    func stableCursor() throws {
        let first = try #require(Self.list(try Self.share("a", "b/x", "c", "d"), "", limit: 2))
        let cursor = try #require(ShareCursor(first.next))
        #expect(Self.names(first) == ["a", "b/"])
        for names in [["a", "c", "d"], ["c", "d"], ["b/y", "b/z", "c", "d"], ["aa", "b", "c", "d"]] {
            let share = try Self.share(names.map { Bytes($0.utf8) })
            #expect(Self.names(share.listing(of: [], from: cursor, limit: 9)) == ["c", "d"])
        }
    }

    @Test(
        "reads only cursors of its own",
        arguments: [
            (nil, .start), ("", .start), ("0", .start), ("00", .after([0])), ("6162", .after([0x61, 0x62])),
            ("1", nil), ("000", nil), ("zz", nil), ("-1", nil), ("61 ", nil),
        ] as [(String?, ShareCursor?)])
    func cursors(text: String?, cursor: ShareCursor?) {
        #expect(ShareCursor(text.map { Bytes($0.utf8) }) == cursor)
    }

    @Test("JSON has the exact bytes of a name that is no text")
    func odd() throws {
        let share = try Self.share([[0xFF, 0x2F, 0xFE], Bytes("a\"<".utf8)])
        let top = try JSON.parse(try #require(Self.list(share, "")).json)
        #expect(top["entries"]?.array?.map { $0.name() } == [Bytes("a\"<".utf8), [0xFF, 0x2F]])
        let folder = try #require(share.listing(of: [0xFF], from: .start, limit: 1))
        #expect(try JSON.parse(folder.json).name("path") == [0xFF])
    }
}
