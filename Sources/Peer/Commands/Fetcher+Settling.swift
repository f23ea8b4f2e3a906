internal import P2PProtocol
internal import P2PRuntime

extension Fetcher {
    /// Tells the index of the giver that there is a copy here; what went wrong, in words for a person.
    func acknowledge(_ arrival: Arrival) async -> String? {
        // What is not shared is nobody else's concern.
        guard let name = arrival.name else { return nil }
        guard let standing = roster.standing(at: arrival.giver.server) else {
            return Self.unconnected(arrival.giver.server)
        }
        let acquisition = Acquisition(
            content: .root(arrival.root), giver: arrival.giver.source.id, path: name, ownership: .copy)
        do throws(IndexFailure) {
            try await standing.connection.update(.got(acquisition))
            return nil
        } catch {
            return Self.untold(arrival.giver.server, error)
        }
    }

    /// Makes a content change hands, which may be asked again and again: first in the index, then with the giver.
    func settle(_ root: Digest, _ debt: Transfer.Debt) async -> TransferRunner.Settlement {
        let settlement = await attempt(root, debt)
        if case .again(let reason) = settlement { log.warning("handoff.failed", ["root": root, "reason": reason]) }
        return settlement
    }

    private func attempt(_ root: Digest, _ debt: Transfer.Debt) async -> TransferRunner.Settlement {
        let standings = roster.memberships.compactMap { member in member.standing.map { (member.server, $0) } }
        guard let (server, standing) = standings.first(where: { $0.0 == debt.giver.server }) else {
            return .again("\(debt.giver.server.map { "\($0)" } ?? "its server") is not connected")
        }
        let label = "peer \(debt.giver.id)"
        do throws(IndexFailure) {
            let acquisition = Acquisition(
                content: .root(root), giver: debt.giver.id, path: debt.name ?? Self.name(of: debt.path),
                ownership: .move)
            try await standing.connection.update(.got(acquisition))
            guard let giver = try await standing.connection.peers().first(where: { $0.id == debt.giver.id }),
                let endpoint = IndexSource(id: giver.id, host: giver.host, port: giver.port).endpoint
            else { return .again("its former owner, \(label), is not connected") }
            let taker = HandoffTaker(id: standing.registration.id, server: Bytes(server.description.utf8))
            let pass = await passes.pass(to: root, of: PeerReference(id: giver.id, server: server))
            let handoff = Handoff(
                root: root, taker: taker, giver: endpoint, certificate: giver.certificate, pass: pass)
            return await ask(handoff, label, debt, standing.connection)
        } catch {
            return .again("\(server): \(error)")
        }
    }

    private func ask(
        _ handoff: Handoff, _ label: String, _ debt: Transfer.Debt, _ index: IndexConnection
    ) async -> TransferRunner.Settlement {
        let loop = group.next()
        let answer = await withTaskExecutorPreference(loop) { await handoff.ask(on: loop) }
        switch answer {
        case .success(.noContent):
            // In a folder that is not shared it is nobody's source.
            if debt.name == nil, let name = Self.name(of: debt.path) { _ = try? await index.update(.delete([name])) }
            return .over(note: nil)
        case .success(.forbidden): return .over(note: "\(label) gives copies only, and keeps its own")
        case .success(let status): return .again("\(label) answered \(status)")
        case .failure(let failure): return .again("\(label): \(failure)")
        }
    }

    /// The name under which the index hears of a file in a folder that is not shared.
    private static func name(of path: Bytes) -> Name? {
        Name(validating: LocalName(component: Path.lastComponent(of: path)).bytes)
    }
}
