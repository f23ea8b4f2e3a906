package import P2PProtocol

/// One page of one folder of the share (`GET /share.json`).
package struct ShareListing: Equatable, Sendable {
    /// A file, or a folder with what is in it summed up.
    package struct Entry: Equatable, Sendable {
        /// The last component; a folder's ends in a slash.
        package let name: Bytes
        package let size: Int
        /// Nil for folders, and for files that were not hashed yet.
        package let root: Digest?

        package var isFolder: Bool { name.last == UInt8(ascii: "/") }
    }

    /// The folder, without a slash at its end; empty for the top.
    package let path: Bytes
    /// How many entries the folder has on all its pages.
    package internal(set) var total = 0
    /// In bytewise order, files and folders mixed.
    package internal(set) var entries: [Entry] = []
    /// Whether entries follow on another page.
    package internal(set) var hasMore = false

    /// The cursor of the next page; `0` after the last.
    package var next: Bytes {
        guard hasMore, let last = entries.last else { return ShareCursor.start.text }
        return ShareCursor.after(last.name).text
    }

    /// The listing for programs. Names that are not UTF-8 have their exact bytes beside them.
    package var json: Bytes {
        var writer = JSONWriter()
        writer.object { document in
            document.name(path, key: "path")
            document.field("total", .integer(total))
            document.field("next", .string(next))
            document.key("entries")
            document.array { list in
                for entry in entries { Self.write(entry, to: &list) }
            }
        }
        return writer.bytes
    }

    private static func write(_ entry: Entry, to list: inout JSONWriter) {
        list.object { object in
            object.name(entry.name)
            object.field("size", .integer(entry.size))
            object.field("root", .optional(entry.root?.hex))
        }
    }
}
