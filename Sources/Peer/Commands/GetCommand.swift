internal import P2PProtocol
internal import P2PRuntime
internal import Synchronization

/// `peer get QUERY|rookery:ROOT`: downloads, and stays no longer than that takes.
struct GetCommand {
    /// What is to be fetched, as the command line says it.
    struct Order: Sendable {
        let query: Bytes
        /// Everything below this folder is meant.
        let folder: Name?
        /// It names one content by its root.
        let isLink: Bool
        let takesAll: Bool
        let isMove: Bool
        let isSerial: Bool
        let isJSON: Bool
        let giver: PeerReference?
        /// Nil for the configured folder.
        let target: Bytes?

        init(_ invocation: Invocation) throws(Misuse) {
            folder = try Self.folder(invocation.query)
            query = if let folder { FolderSearch.query(for: folder) } else { try Self.query(invocation.query) }
            isLink = invocation.query.starts(with: Self.scheme)
            takesAll = invocation.has("--all") || folder != nil
            isMove = invocation.has("--move")
            isSerial = invocation.has("--serial")
            isJSON = invocation.has("--json")
            target = invocation.value(of: "--to")
            let from = invocation.value(of: "--from")
            giver = from.flatMap { PeerReference($0) }
            if from != nil, giver == nil { throw Misuse("--from needs a peer's number, or NUMBER@HOST:PORT") }
            if target?.isEmpty == true { throw Misuse("--to needs a folder") }
        }

        /// Whether something is to be searched for; a folder of a peer that was named is only listed.
        var isSearch: Bool { folder == nil || giver == nil }

        /// `FOLDER/` as the folder's name.
        private static func folder(_ text: Bytes) throws(Misuse) -> Name? {
            guard text.last == UInt8(ascii: "/") else { return nil }
            guard let folder = Name(validating: text.dropLast()) else { throw Misuse("that is no folder's name") }
            return folder
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

    /// Everything from the first question to the last file.
    func run() async -> ExitCode {
        _ = await application.join()
        let indexes = application.roster.group
        guard let hits = await hits(indexes) else { return .failed }
        let found =
            if let folder = order.folder {
                await indexes.contents(below: folder, hits, from: order.giver, application.fetcher)
            } else { order.wanted(hits) }
        guard !found.isEmpty else {
            let away = await indexes.search(order.query, offline: true).merged
            let isAway = order.wanted(away).contains { $0.root != nil }
            complain(isAway ? "whoever has it is away: order it from a running peer (peer daemon)" : "not found")
            return .notFound
        }
        guard let chosen = order.isLink ? found : await order.choose(found) else { return .misuse }
        guard order.isLink || (chosen.count == 1 && order.folder == nil) else { return await fetch(many: chosen) }
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
        order.finish(results)
        return code
    }

    /// What the query finds; nil when no server answers.
    private func hits(_ indexes: IndexGroup) async -> [FoundContent]? {
        guard order.isSearch else { return [] }
        let answer =
            order.takesAll
            ? await indexes.searchAll(order.query)
            : await indexes.search(order.query, limit: Limits.standard.pageMaximum)
        for complaint in answer.complaints { complain(complaint) }
        return answer.isEmpty ? nil : answer.merged
    }

    /// Fetches all of them but those that are here already.
    private func fetch(many contents: [FoundContent]) async -> ExitCode {
        let results = Mutex([JSON?](repeating: nil, count: contents.count))
        let sizes = contents.compactMap { content in content.root.flatMap { root in content.size.map { (root, $0) } } }
        let here = await application.ownCopies(of: Dictionary(sizes) { first, _ in first })
        var missing: [Int] = []
        for (number, content) in contents.enumerated() {
            guard let path = content.root.flatMap({ here[$0] }) else {
                missing.append(number)
                continue
            }
            let line = await keep(content, at: path)
            results.withLock { $0[number] = line }
        }
        let wanted = missing
        await application.fetch(
            many: wanted.map { contents[$0] }, isMove: order.isMove, isSerial: order.isSerial, from: order.giver
        ) { place, outcome in
            let content = contents[wanted[place]]
            switch outcome {
            case .success(let fetched):
                for warning in fetched.warnings { complain(warning) }
                let line = order.result(content, at: fetched.path, verb: fetched.verb)
                results.withLock { $0[wanted[place]] = line }
            case .failure(let error): complain("\(display(content.name)): \(error)")
            }
        }
        let came = results.withLock { $0.compactMap(\.self) }
        order.finish(came)
        return came.count == contents.count ? .done : .failed
    }

    /// What is here is not fetched; of a move, whoever else has it is still asked to let go of it.
    private func keep(_ content: FoundContent, at path: Bytes) async -> JSON {
        complain("already here: \(display(path))")
        let moved = order.isMove ? await application.move(content, at: path, from: order.giver) : nil
        for warning in moved?.warnings ?? [] { complain(warning) }
        let isMoved = moved.map { $0.warnings.isEmpty } ?? false
        return order.result(content, at: path, verb: isMoved ? "moved here" : "already here")
    }

    /// Fetches one file unless it is here already, and prints its path; nil when it cannot be had.
    private func fetch(_ content: FoundContent) async -> JSON? {
        if let root = content.root, let size = content.size,
            let path = await application.ownCopy(of: root, size: size)
        {
            return await keep(content, at: path)
        }
        do {
            let fetched = try await application.fetch(content, isMove: order.isMove, from: order.giver)
            for warning in fetched.warnings { complain(warning) }
            return order.result(content, at: fetched.path, verb: fetched.verb)
        } catch {
            complain("\(display(content.name)): \(error)")
            return nil
        }
    }
}
