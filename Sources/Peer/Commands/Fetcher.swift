package import P2PProtocol
internal import P2PRuntime

/// Brings a content from those who have it into this peer's folder, and tells the index that it has changed hands.
package struct Fetcher: Sendable {
    /// A content that is here now.
    package struct Fetched: Sendable {
        /// The file's path.
        package let path: Bytes
        /// Who gave it.
        package let giver: Holder
        package internal(set) var ownership: Ownership
        /// What went wrong beside it, in words for a person.
        package internal(set) var warnings: [String]
    }

    let roster: IndexRoster
    /// Its first folder is where downloads go.
    let library: Library
    /// Keeps the piece hashes that came with a file, so that others can fetch it from here at once.
    let cache: HashCache
    let unfinished: UnfinishedContents
    let disk: WorkerPool
    let group: LoopGroup
    let log: Logger
    let received: Counter
    let pace: DownloadPace
    let connections = KeptConnections()
    let passes: PassBook

    /// A content that has just come here: whose it is, the indexes are still to be told.
    struct Arrival: Sendable {
        let root: Digest
        /// The file's path, and the name under which it is shared; nil in a folder that is not.
        let path: Bytes
        let name: Name?
        let giver: Holder
    }

    /// Downloads and verifies; returns when the index knows, too.
    package func fetch(
        _ content: FoundContent, from giver: PeerReference? = nil,
        report: @escaping @Sendable (DownloadProgress) -> Void
    ) async throws -> Fetched {
        let arrival = try await bring(content, as: .copy, from: giver, report: report)
        let warnings = [await acknowledge(arrival)].compactMap { $0 }
        return Fetched(path: arrival.path, giver: arrival.giver, ownership: .copy, warnings: warnings)
    }

    /// Downloads, verifies and shares it; `folder` for another place than where downloads go.
    func bring(
        _ content: FoundContent, as ownership: Ownership, from giver: PeerReference? = nil, into folder: Bytes? = nil,
        report: @escaping @Sendable (DownloadProgress) -> Void
    ) async throws -> Arrival {
        if let obstacle = content.obstacle { throw PeerFailure(obstacle) }
        guard let root = content.root, let size = content.size, let target = folder ?? library.folders.first?.path
        else { throw PeerFailure("this content cannot be downloaded") }
        let book = HolderBook { holder in
            !roster.isSelf(holder) && (ownership == .copy || holder.source.isMovable)
                && (giver?.matches(holder) ?? true)
        }
        let sources = book.add(content.holders)
        if sources.isEmpty, ownership == .move, content.holders.contains(where: { !roster.isSelf($0) }) {
            throw PeerFailure("who has it gives copies only; fetch it without moving it")
        }
        let loop = group.next()
        let name = content.localName
        var company = Download.Company()
        company.taker = content.holders.first.flatMap { roster.standing(at: $0.server)?.registration.id }
        company.find = { book.add(await holders(of: root)) }
        company.unfinished = unfinished
        company.announce = { await announce(root) }
        company.passes = passes(by: book)
        company.received = received
        company.pace = pace
        company.connections = connections
        let outcome = try await withTaskExecutorPreference(loop) { [company] in
            try RootedFolder.makeFolders(target)
            let download = Download(
                root: root, size: size, localName: name, folder: try RootedFolder(target), disk: disk,
                company: company, position: unfinished.position(of: root), report: report)
            do {
                return try await download.run(from: sources, on: loop)
            } catch {
                unfinished.withdraw(root)
                await retract(root)
                throw error
            }
        }
        for fault in outcome.faults { log.warning("download.source_failed", ["root": root, "reason": fault]) }
        guard let giver = outcome.giver.flatMap({ book.holder(at: $0.endpoint) }) else {
            throw PeerFailure("the download names no giver")
        }
        defer { unfinished.withdraw(root) }
        let entry = try await share(outcome, root, in: target)
        log.info("download.done", ["root": root, "bytes": size, "from": giver.source.id, "name": outcome.path])
        return Arrival(root: root, path: Path.join(target, outcome.path), name: entry?.name, giver: giver)
    }

    /// Puts the finished file into the library, if its folder is shared.
    private func share(_ outcome: Download.Outcome, _ root: Digest, in target: Bytes) async throws -> LibraryEntry? {
        guard let folder = library.folders.firstIndex(where: { $0.path == target }),
            let entry = try await disk.run({ try library.add(outcome.path, folder: folder, root: root) })
        else { return nil }
        do {
            try await cache.keep([HashedFile(identity: entry.identity, root: root, layer: outcome.layer)])
        } catch {
            log.error("cache.failed", ["reason": "\(error)"])
        }
        return entry
    }

    /// Passes to those who are in that book.
    func passes(by book: HolderBook) -> SourcePasses {
        SourcePasses { roots, source in
            guard let holder = book.holder(at: source.endpoint) else { return [:] }
            return await passes.passes(to: roots, of: holder.reference)
        } refused: { root, source in
            if let holder = book.holder(at: source.endpoint) { passes.forget(root, of: holder.reference) }
        }
    }

    /// Tells the indexes that pieces of it can be had here.
    private func announce(_ root: Digest) async { await tell(.partial(root)) }

    /// Tells them that they no longer can.
    private func retract(_ root: Digest) async {
        if let name = try? Name(root.hex) { await tell(.delete([name])) }
    }

    private func tell(_ update: Update) async {
        await withDiscardingTaskGroup { group in
            for membership in roster.memberships {
                group.addTask { _ = try? await membership.standing?.connection.update(update) }
            }
        }
    }

    static func unconnected(_ server: ServerAddress) -> String {
        "\(server) is not connected and does not know yet that you have it"
    }

    static func untold(_ server: ServerAddress, _ error: IndexFailure) -> String {
        "\(server) was not told that you have it: \(error)"
    }

    /// Who has a content now, as the indexes say.
    func holders(of root: Digest) async -> [Holder] {
        await sources(of: root).answers.flatMap(\.value)
    }

    /// The same by server, with those that did not answer.
    func sources(of root: Digest) async -> GroupAnswer<[Holder]> {
        let page = Page(limit: Limits.standard.pageMaximum)
        let answer = await roster.group.ask { connection throws(IndexFailure) in
            try await connection.sources(of: .root(root), page: page).entries
        }
        let holders = answer.answers.map { server, sources in
            (server: server, value: sources.map { Holder(server: server, source: $0) })
        }
        return GroupAnswer(answers: holders, failures: answer.failures)
    }
}

extension Fetcher.Fetched {
    /// What has been done, for people.
    package var verb: String { ownership == .move ? "moved here" : "downloaded" }
}
