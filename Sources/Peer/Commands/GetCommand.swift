internal import Glibc
internal import P2PProtocol
internal import P2PRuntime

/// `peer get QUERY|rookery:ROOT`: downloads, and stays no longer than that takes.
struct GetCommand {
    /// What is to be fetched, as the command line says it.
    struct Order: Sendable {
        let query: Bytes
        /// It names one content by its root.
        let isLink: Bool
        let takesAll: Bool
        let isMove: Bool
        let isJSON: Bool
        let giver: PeerReference?
        /// Nil for the configured folder.
        let target: Bytes?

        init(_ invocation: Invocation) throws(Misuse) {
            query = try Self.query(invocation.query)
            isLink = invocation.query.starts(with: Self.scheme)
            takesAll = invocation.has("--all")
            isMove = invocation.has("--move")
            isJSON = invocation.has("--json")
            target = invocation.value(of: "--to")
            let from = invocation.value(of: "--from")
            giver = from.flatMap { PeerReference($0) }
            if from != nil, giver == nil { throw Misuse("--from needs a peer's number, or NUMBER@HOST:PORT") }
            if target?.isEmpty == true { throw Misuse("--to needs a folder") }
        }

        private static let scheme = Bytes(ascii: "rookery:")

        /// `rookery:ROOT` as the query that finds it.
        private static func query(_ text: Bytes) throws(Misuse) -> Bytes {
            guard text.starts(with: scheme) else { return text }
            guard let root = Digest(hex: text.dropFirst(scheme.count)) else {
                throw Misuse("a rookery: link has 64 hex digits behind the colon")
            }
            return Bytes(ascii: "root:") + root.hex
        }
    }

    let application: PeerApplication
    let order: Order

    private var isSingle: Bool { application.configuration.servers.count == 1 }

    /// Everything from the first question to the last file.
    func run() async -> ExitCode {
        await application.roster.join()
        let answer = await application.roster.group.search(order.query, limit: Limits.standard.pageMaximum)
        for complaint in answer.complaints { complain(complaint) }
        guard !answer.isEmpty else { return .failed }
        let found = wanted(answer.merged)
        guard !found.isEmpty else {
            complain("not found")
            return .notFound
        }
        guard let chosen = order.isLink ? found : await choose(found) else { return .misuse }
        var results: [JSON] = []
        var code = ExitCode.done
        // One root has one size: where several are claimed, whoever is right will be able to give the file.
        for content in order.isLink ? chosen.sorted(by: { $0.count > $1.count }) : chosen {
            guard let result = await fetch(content) else {
                code = .failed
                continue
            }
            results.append(result)
            if order.isLink {
                code = .done
                break
            }
        }
        if order.isJSON {
            StandardOutput.write(JSON.object([JSON.Member("files", .array(results))]).encoded() + [UInt8(ascii: "\n")])
        }
        return code
    }

    /// The hits, from the one peer that was asked for where one was.
    private func wanted(_ found: [FoundContent]) -> [FoundContent] {
        guard let giver = order.giver else { return found }
        return found.compactMap { content in
            let holders = content.holders.filter { giver.matches($0) }
            guard !holders.isEmpty else { return nil }
            return FoundContent(name: content.name, size: content.size, root: content.root, holders: holders)
        }
    }

    /// One is taken, several are asked for where somebody can answer; nil for none.
    private func choose(_ found: [FoundContent]) async -> [FoundContent]? {
        if found.count == 1 || order.takesAll { return found }
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

    /// Fetches one file unless it is here already, and prints its path; nil when it cannot be had.
    private func fetch(_ content: FoundContent) async -> JSON? {
        if let root = content.root, let size = content.size,
            let path = await application.ownCopy(of: root, size: size)
        {
            complain("already here: \(display(path))")
            return result(content, at: path, verb: "already here")
        }
        do {
            let fetched = try await application.fetch(content, isMove: order.isMove, from: order.giver)
            for warning in fetched.warnings { complain(warning) }
            return result(content, at: fetched.path, verb: fetched.verb)
        } catch {
            complain("\(display(content.name)): \(error)")
            return nil
        }
    }

    private func result(_ content: FoundContent, at path: Bytes, verb: String) -> JSON {
        if !order.isJSON { StandardOutput.write(path + [UInt8(ascii: "\n")]) }
        return .object(
            JSON.members(name: path, key: "path") + [
                JSON.Member("root", .optional(content.root?.hex)), JSON.Member("size", .optional(content.size)),
                JSON.Member("done", .text(verb)),
            ])
    }
}
