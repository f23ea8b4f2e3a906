internal import P2PProtocol
internal import P2PRuntime

/// Which of the hits are meant, and what is said of the files in the end.
extension GetCommand.Order {
    /// The hits, from the one peer that was asked for where one was.
    func wanted(_ found: [FoundContent]) -> [FoundContent] {
        guard let giver else { return found }
        return found.compactMap { content in
            let holders = content.holders.filter { giver.matches($0) }
            guard !holders.isEmpty else { return nil }
            return FoundContent(name: content.name, size: content.size, root: content.root, holders: holders)
        }
    }

    /// One is taken, several are asked for where somebody can answer; nil for none.
    func choose(_ found: [FoundContent]) async -> [FoundContent]? {
        if found.count == 1 || takesAll { return found }
        StandardError.write(MenuText.choices(found))
        let lines = LineReader()
        guard lines.isTerminal, StandardError.isTerminal else {
            complain("\(found.count) files match: say which (name:\"…\" or rookery:ROOT), or --all")
            return nil
        }
        StandardError.write("which? [1-\(found.count), such as 1,3 or all] ")
        guard let line = await lines.next(), let places = Selection.parse(line, of: found.count) else { return nil }
        return places.map { found[$0] }
    }

    /// Prints where a file is; the same for programs.
    func result(_ content: FoundContent, at path: Bytes, verb: String) -> JSON {
        if !isJSON { StandardOutput.write(path + [UInt8(ascii: "\n")]) }
        return .object(
            JSON.members(name: path, key: "path") + [
                JSON.Member("root", .optional(content.root?.hex)), JSON.Member("size", .optional(content.size)),
                JSON.Member("done", .text(verb)),
            ])
    }

    /// Prints for programs what the command has done.
    func finish(_ results: [JSON]) {
        guard isJSON else { return }
        StandardOutput.write(JSON.object([JSON.Member("files", .array(results))]).encoded() + [UInt8(ascii: "\n")])
    }
}
