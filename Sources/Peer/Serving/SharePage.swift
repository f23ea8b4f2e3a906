package import P2PProtocol
internal import P2PRuntime

/// A folder of the share as a page for people (`GET /`): plain HTML, no scripts, every name escaped.
package struct SharePage: Sendable {
    private let listing: ShareListing
    private var html = Bytes()

    package init(_ listing: ShareListing) {
        self.listing = listing
        write(
            """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(Self.escaped(listing.path.isEmpty ? Bytes(ascii: "Shared files") : listing.path)) · Rookery</title>
            <style>\(Self.style)</style></head>
            <body><main>
            <h1>Rookery</h1>

            """)
        writeTrail()
        listing.total == 0 ? write("<p class=\"note\">Nothing is shared here yet.</p>\n") : writeTable()
        write("</main></body></html>\n")
    }

    /// The page.
    package var bytes: Bytes { html }

    // MARK: Parts

    /// Where we are, with a link to each folder above.
    private mutating func writeTrail() {
        write("<nav aria-label=\"Folder\">")
        let parts = listing.path.split(separator: Self.slash)
        write(parts.isEmpty ? "<b>Shared files</b>" : "<a href=\"/\">Shared files</a>")
        for part in parts {
            let name = Self.escaped(part)
            let isHere = part.endIndex == listing.path.endIndex
            write(" <span>/</span> ")
            write(
                isHere ? "<b>\(name)</b>" : "<a href=\"\(Self.link(to: listing.path[..<part.endIndex]))\">\(name)</a>")
        }
        write("</nav>\n")
    }

    private mutating func writeTable() {
        write("<table><thead><tr><th>Name</th><th>Size</th></tr></thead><tbody>\n")
        for entry in listing.entries { write(entry) }
        write("</tbody></table>\n<p class=\"note\">\(listing.total) \(listing.total == 1 ? "entry" : "entries")")
        if listing.hasMore {
            write(" · <a href=\"\(Self.link(to: listing.path[...], cursor: listing.next))\">more</a>")
        }
        write("</p>\n")
    }

    private mutating func write(_ entry: ShareListing.Entry) {
        let name = Self.escaped(entry.name)
        if entry.isFolder {
            let path = (listing.path.isEmpty ? [] : listing.path + [Self.slash]) + entry.name.dropLast()
            write("<tr><td class=\"folder\"><a href=\"\(Self.link(to: path[...]))\">\(name)</a></td>")
        } else if let root = entry.root {
            let target = PeerRoute.content(root, name: entry.name).target
            write("<tr><td><a href=\"\(Self.escaped(target.bytes))\">\(name)</a></td>")
        } else {
            write("<tr><td>\(name) <i>being hashed</i></td>")
        }
        write("<td>\(Amount.bytes(entry.size))</td></tr>\n")
    }

    private mutating func write(_ text: String) {
        html += text.utf8
    }

    // MARK: Text

    /// A stranger's bytes as harmless HTML.
    private static func escaped(_ bytes: some Collection<UInt8>) -> String {
        String(decoding: HTMLText.escape(Bytes(display(bytes).utf8)), as: UTF8.self)
    }

    private static func link(to path: ArraySlice<UInt8>, cursor: Bytes? = nil) -> String {
        escaped(PeerRoute.sharePage(path: Bytes(path), cursor: cursor).target.bytes)
    }

    private static let slash = UInt8(ascii: "/")

    private static let style = """
        :root{color-scheme:light dark;--line:#8883;--soft:#888;--link:light-dark(#0b57a4,#8ab8ff)}
        *{box-sizing:border-box}
        body{margin:0;font:16px/1.5 system-ui,sans-serif}
        main{max-width:56rem;margin:0 auto;padding:1.5rem 1rem}
        h1{margin:0;font-size:.85rem;font-weight:600;letter-spacing:.08em;text-transform:uppercase;color:var(--soft)}
        nav{margin:.25rem 0 1rem;font-size:1.25rem;overflow-wrap:anywhere}
        nav span,.note,th{color:var(--soft)}
        a{color:var(--link);text-decoration:none}
        a:hover,a:focus{text-decoration:underline}
        table{width:100%;border-collapse:collapse}
        th{font-size:.85rem;font-weight:400;text-align:left}
        th,td{padding:.45rem .25rem;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
        th:last-child,td:last-child{width:6.5rem;text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
        tbody tr:hover{background:#8881}
        .folder a{font-weight:600}
        .note{font-size:.85rem}
        """
}
