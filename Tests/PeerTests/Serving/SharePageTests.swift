import P2PProtocol
import P2PRuntime
import Peer
import Testing

@Suite struct SharePageTests {
    private static let root = Digest(words: (1, 2, 3, 4))

    private static func page(_ names: [Bytes], at folder: Bytes = [], limit: Int = 1_000) throws -> String {
        let entries = try names.map { name in
            LibraryEntry(
                name: try Name(name), identity: FileIdentity(device: 1, inode: 1, size: 1_536, modified: 0),
                root: root, folder: 0)
        }
        let share = SortedShare(sorted: entries.sorted { $0.name < $1.name })
        let listing = try #require(share.listing(of: folder, from: .start, limit: limit))
        return String(decoding: SharePage(listing).bytes, as: UTF8.self)
    }

    /// The routes that the page's links lead to.
    private static func routes(_ page: String) throws -> [PeerRoute] {
        try page.split(separator: "href=\"").dropFirst().map { rest in
            let link = rest.prefix { $0 != "\"" }.replacing("&amp;", with: "&")
            let head = RequestHead(.get, try #require(RequestTarget(Bytes(link.utf8))), host: Bytes("a".utf8))
            guard case .found(let route) = PeerRoute.find(head) else { throw DeadLink(link: String(link)) }
            return route
        }
    }

    private struct DeadLink: Error { let link: String }

    static let oddNames: [Bytes] = [
        Bytes("<script>alert(1)<!--".utf8), Bytes("\" onclick=\"x".utf8), Bytes("' & ; ? # % +".utf8),
        Bytes("a\u{202E}gpj.exe".utf8), Bytes("line\nbreak\u{1B}[31m".utf8), [0xFF, 0xC0, 0xAE],
        Bytes("ascii".utf8), Bytes("日本語 ünï".utf8), Bytes("javascript:alert(1)".utf8),
    ]

    @Test("[attack A40] no name can be more than text, and each link leads to its file", arguments: oddNames)
    func oddName(name: Bytes) throws {
        let page = try Self.page([name])
        let table = try #require(page.split(separator: "<tbody>").last)
        #expect(!table.contains("<script") && !table.contains("\" onclick") && !table.contains("\u{1B}"))
        #expect(!table.unicodeScalars.contains("\u{202E}"))
        #expect(try Self.routes(page) == [.content(Self.root, name: name)])
    }

    @Test("links lead to folders below and above", arguments: oddNames)
    func folders(name: Bytes) throws {
        let slash = Bytes("/".utf8)
        let path = name + slash + name
        let page = try Self.page([path + slash + name + slash + Bytes("x".utf8)], at: path)
        #expect(
            try Self.routes(page) == [
                .sharePage(path: [], cursor: nil), .sharePage(path: name, cursor: nil),
                .sharePage(path: path + slash + name, cursor: nil),
            ])
    }

    @Test("a long folder has a link to the rest of it")
    func more() throws {
        let routes = try Self.routes(try Self.page([Bytes("a".utf8), Bytes("b".utf8)], limit: 1))
        #expect(routes.last == .sharePage(path: [], cursor: Bytes("61".utf8)))
    }

    @Test("shows sizes as people say them")
    func sizes() throws {
        #expect(try Self.page([Bytes("a".utf8)]).contains("<td>1.5 KiB</td>"))
    }

    @Test("says so when nothing is shared")
    func empty() throws {
        #expect(try Self.page([]).contains("Nothing is shared"))
    }

    @Test("needs nothing but itself: no script, no other resource")
    func selfContained() throws {
        let page = try Self.page([Bytes("a".utf8)])
        #expect(page.hasPrefix("<!doctype html>"))
        #expect(
            !page.contains("<script") && !page.contains("<link") && !page.contains("src=") && !page.contains("http"))
    }
}
