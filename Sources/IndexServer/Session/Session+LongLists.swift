internal import P2PProtocol
internal import P2PRuntime

/// Lists that are too long to be applied at once: between two steps others are let at the index, and at the loop.
extension Session {
    /// Whether a list is one of them.
    func isLong(_ list: some Collection) -> Bool { list.count > server.limits.listedPerStep }

    /// UPD ADD. A part of the list that is refused leaves what came before it in the list.
    func addInSteps(_ entries: [FileEntry], to id: PeerID) async {
        let (changed, error) = await applyInSteps(entries, of: id) { engine, slice throws(Refusal) in
            if slice.startIndex == 0 { try engine.checkRoom(for: entries.count, in: id) }
            let changed = try engine.add(slice, to: id)
            server.lists.note(.added(Array(slice)), of: id)
            return changed
        }
        if let error { return fail(error) }
        writer.integer(changed)
        proveIfNeeded(entries)
    }

    /// UPD DEL.
    func deleteInSteps(_ paths: [Name], from id: PeerID) async {
        let (changed, error) = await applyInSteps(paths, of: id) { engine, slice throws(Refusal) in
            let changed = try engine.delete(slice, from: id)
            server.lists.note(.removed(Array(slice)), of: id)
            return changed
        }
        if let error { return fail(error) }
        writer.integer(changed)
    }

    /// REG's list. Until the last of it the peer is what it was. Who registers it meanwhile is the newer connection.
    func arrive(
        _ description: PeerDescription, as id: PeerID, sharing entries: [FileEntry]
    ) async throws(WireError) {
        let former = server.sessions.holder(of: id)
        let arrival = try change("REG", of: []) { engine throws(Refusal) in
            try engine.beginArrival(description, as: id, expecting: entries.count, now: now)
        }
        do throws(WireError) {
            for slice in steps(of: entries) {
                try change("REG", of: []) { engine throws(Refusal) in try engine.extend(arrival, by: slice) }
                guard await takeTurns() else { throw Self.isOver }
            }
        } catch {
            server.change { $0.abandon(arrival) }
            throw error
        }
        let isNewest = server.change(of: [id]) { engine in
            let holder = server.sessions.holder(of: id)
            guard holder == nil || holder === former else {
                engine.abandon(arrival)
                return false
            }
            _ = engine.finish(arrival)
            claim(id, sharing: entries, of: engine)
            return true
        }
        guard isNewest else { throw Self.isOver }
        // What is found of it is there when the reply is.
        server.change(of: [id]) { _ in }
    }

    private static var isOver: WireError { .fatal("this connection is no longer the peer's") }

    /// Each step is remembered under the lock under which it is made: between two of them somebody else may take an entry
    /// out of the list again.
    private func applyInSteps<Element>(
        _ list: [Element], of id: PeerID, _ body: (inout Engine, ArraySlice<Element>) throws(Refusal) -> Int
    ) async -> (changed: Int, WireError?) {
        var changed = 0
        do throws(WireError) {
            for slice in steps(of: list) {
                changed += try change("UPD", of: [id]) { engine throws(Refusal) in
                    guard holds(id) else { throw .notRegistered }
                    return try body(&engine, slice)
                }
                guard await takeTurns() else { throw Self.isOver }
            }
        } catch {
            return (changed, error)
        }
        return (changed, nil)
    }

    private func steps<Element>(of list: [Element]) -> some Sequence<ArraySlice<Element>> {
        let step = server.limits.listedPerStep
        return stride(from: 0, to: list.count, by: step).lazy.map { list[$0..<min($0 + step, list.count)] }
    }
}
