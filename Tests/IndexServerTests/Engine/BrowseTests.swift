import IndexServer
import P2PProtocol
import TestSupport
import Testing

/// BROWSE against a plain list of paths.
@Suite struct BrowseTests {
    private static func lines(_ page: BrowsePage) -> [String] {
        page.entries.map { entry in
            "\(display(entry.name)) \(entry.size.map { "\($0)" } ?? "-") \(entry.root == nil ? "-" : "root")"
        }
    }

    /// All pages of a folder together.
    private static func all(
        _ index: borrowing EngineFixture, _ peer: PeerID, _ folder: String, limit: Int
    ) throws -> (total: Int, lines: [String]) {
        let folder = folder.isEmpty ? nil : try EngineFixture.name(folder)
        var (total, lines, cursor): (Int, [String], Bytes?) = (0, [], nil)
        for _ in 0..<10_000 {
            let page = try index.engine.browse(peer, folder: folder, page: Page(limit: limit, cursor: cursor))
            total = page.total
            lines += Self.lines(page)
            guard page.next != Bytes(ascii: "0") else { break }
            cursor = page.next
        }
        return (total, lines)
    }

    /// What a folder shows, worked out from the paths.
    private static func naive(_ files: [String: Int], _ folder: String) -> [String] {
        let prefix = folder.isEmpty ? "" : folder + "/"
        var lines: [String: (size: Int, isFile: Bool)] = [:]
        for (path, size) in files where path.hasPrefix(prefix) {
            let rest = path.dropFirst(prefix.count)
            if let slash = rest.firstIndex(of: "/") {
                lines["\(rest[...slash])", default: (0, false)].size += size
            } else {
                lines["\(rest)"] = (size, true)
            }
        }
        return lines.sorted { Bytes($0.key.utf8).lexicographicallyPrecedes(Bytes($1.key.utf8)) }
            .map { "\($0.key) \($0.value.size) \($0.value.isFile ? "root" : "-")" }
    }

    @Test("whatever comes and goes, every folder shows what is in it, page by page", arguments: 0..<12)
    func property(_ seed: Int) throws {
        var random = Seeded(seed: UInt64(seed))
        var index = EngineFixture()
        let peer = try index.registerProven(sharing: [])
        var files: [String: Int] = [:]
        let parts = ["a", "b", "a b", "a.x", "ab", "c-", "0", "\u{e9}"]
        func path() -> String {
            (0..<Int.random(in: 1...4, using: &random)).compactMap { _ in parts.randomElement(using: &random) }
                .joined(separator: "/")
        }
        for round in 0..<8 {
            for _ in 0..<30 {
                let (path, size) = (path(), Int.random(in: 0..<100, using: &random))
                _ = try index.engine.add([EngineFixture.file(path, size, UInt64(size + 1))], to: peer)
                files[path] = size
            }
            for path in files.keys.sorted().prefix(round) {
                _ = try index.engine.delete([EngineFixture.name(path)], from: peer)
                files[path] = nil
            }
            for folder in ["", "a", "b", "a/b", "a b", "a/a", "nosuch"] {
                let wanted = Self.naive(files, folder)
                for limit in [1, 3, 1_000] {
                    let found = try Self.all(index, peer, folder, limit: limit)
                    #expect(found.lines == wanted && found.total == wanted.count, "seed \(seed) '\(folder)' \(limit)")
                }
            }
        }
    }

    @Test("[attack A14] names of a thousand slashes are refused a tree rather than given the memory for it")
    func slashes() throws {
        var index = EngineFixture()
        let list = try (0..<300).map { number in
            try EngineFixture.name("\(number)/" + String(repeating: "a/", count: 490) + "x")
        }
        let peer = try index.register(sharing: list.map { FileEntry(name: $0) })
        #expect(throws: Refusal.foldersTooMany) { _ = try index.engine.browse(peer, page: Page()) }
        let other = try index.register(port: 9_002, sharing: Array(list.prefix(100)).map { FileEntry(name: $0) })
        let page = try index.engine.browse(other, page: Page())
        #expect(page.total == 100)
    }

    @Test("[attack A17] no step of a walk through a list takes more than its share of it")
    func steps() throws {
        var index = EngineFixture()
        let peer = try index.register(sharing: [])
        _ = try index.engine.add(EngineFixture.names((0..<30_000).map { "album \($0 / 100)/track \($0)" }), to: peer)
        var walk = try index.engine.beginWalk(of: peer)
        var steps = 1
        while try !index.engine.advance(&walk) { steps += 1 }
        #expect(steps == (30_000 + 300) / 8_192 + 1)
    }
}
