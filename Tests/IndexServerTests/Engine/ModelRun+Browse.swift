import IndexServer
import P2PProtocol

/// BROWSE, two lines a page.
extension ModelRun {
    func browseFault() throws -> String? {
        for id in model.peers.keys.sorted() {
            for folder in [nil, "x", "x/y", "nowhere"] {
                let folderName = folder.flatMap { Name(validating: Bytes($0.utf8)) }
                let (one, other) = (try browsed(id, folderName), expectedLines(id, folder.map { $0 + "/" } ?? ""))
                if one != other { return "BROWSE \(id) \(folder ?? ""): \(one), expected \(other)" }
            }
        }
        return nil
    }

    private func browsed(_ id: PeerID, _ folder: Name?) throws -> [String] {
        var lines: [String] = []
        var cursor: Bytes?
        repeat {
            let page = try engine.browse(id, folder: folder, page: Page(limit: 2, cursor: cursor))
            lines += page.entries.map { Self.text($0.name, $0.size, $0.root) }
            cursor = page.next == [UInt8(ascii: "0")] ? nil : page.next
            if cursor == nil, page.total != lines.count { lines.append("total \(page.total)") }
        } while cursor != nil && lines.count < 100
        return lines
    }

    private func expectedLines(_ id: PeerID, _ folder: String) -> [String] {
        var files: [(name: Bytes, size: Int?, root: Digest?)] = []
        var folders: [Bytes: Int] = [:]
        let prefix = Bytes(folder.utf8)
        for (name, key) in model.peers[id]?.list ?? [:] where model.shows(key, id) && name.bytes.starts(with: prefix) {
            let rest = name.bytes.dropFirst(prefix.count)
            if let slash = rest.firstIndex(of: UInt8(ascii: "/")) {
                folders[Bytes(rest[...slash]), default: 0] += key.size ?? 0
            } else {
                files.append((Bytes(rest), key.size, key.root))
            }
        }
        let all = files + folders.map { ($0.key, $0.value, nil) }
        return all.sorted { $0.name.lexicographicallyPrecedes($1.name) }.map(Self.text)
    }

    private static func text(_ name: Bytes, _ size: Int?, _ root: Digest?) -> String {
        "\(ModelCommand.text(name)) \(size ?? -1) \(root.map { "\($0.words.0)" } ?? "-")"
    }
}
