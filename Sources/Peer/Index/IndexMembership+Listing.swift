internal import P2PProtocol
internal import P2PRuntime

/// Tells the index what the library holds, and what changes in it.
extension IndexMembership {
    /// Entries of one command: three arguments each, far from the index's limit of arguments and of bytes.
    private static let batch = 5_000
    /// Commands that may be without answer: one is read while the next is on its way.
    private static let window = 4

    func listFiles(_ standing: Standing) async {
        guard let library else { return }
        var changes = library.changes()
        var waiting: [PendingReply] = []
        var reachability: Task<Void, Never>?
        defer { reachability?.cancel() }
        while let batch = await changes.next(atMost: Self.batch) {
            for command in Self.commands(for: batch) {
                if waiting.count == Self.window { await settle(waiting.removeFirst(), standing) }
                waiting.append(standing.connection.send(command, within: .seconds(25)))
            }
            // With a full window the newest of what changes meanwhile waits in the library, not here.
            if batch.count < Self.batch {
                for reply in waiting { await settle(reply, standing) }
                waiting = []
            }
            if reachability == nil, !batch.listed.isEmpty {
                reachability = Task { await self.watchReachability(standing) }
            }
        }
    }

    /// The commands that bring an index up to date.
    static func commands(for batch: LibraryBatch) -> [Command] {
        var commands: [Command] = []
        if !batch.removed.isEmpty { commands.append(.update(.delete(batch.removed))) }
        if !batch.listed.isEmpty {
            commands.append(
                .update(.add(batch.listed.map { FileEntry(name: $0.name, size: $0.size, root: $0.root) })))
        }
        return commands
    }

    private func settle(_ reply: PendingReply, _ standing: Standing) async {
        do throws(IndexFailure) {
            _ = try await reply.reply
        } catch {
            log.warning("index.list_refused", ["server": server.description, "reason": error])
        }
    }

    /// The index tries our port within a few seconds of the first entry; whoever cannot be reached shall know.
    private func watchReachability(_ standing: Standing) async {
        for pause in [1, 2, 4, 8, 15] {
            guard (try? await Task.sleep(for: .seconds(pause))) != nil else { return }
            let peers = try? await standing.connection.peers()
            switch peers?.first(where: { $0.id == standing.registration.id })?.isReachable {
            case true?: return
            case false?:
                log.warning(
                    "index.not_reachable",
                    ["server": server.description, "port": standing.registration.port, "open": "this TCP port"])
                return tell(.notReachable(standing.registration))
            case nil: continue
            }
        }
    }
}

extension LibraryBatch {
    fileprivate var count: Int { listed.count + removed.count }
}
