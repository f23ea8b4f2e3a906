import IndexServer
import P2PProtocol

extension NaiveIndex {
    /// What the command answers.
    mutating func apply(_ command: ModelCommand) throws(Refusal) -> Int {
        switch command {
        case .register(let port, let isMovable, let list):
            peers[nextID] = Peer(port: port, isMovable: isMovable)
            nextID += 1
            add(list, to: nextID - 1)
            return nextID - 1
        case .registerAgain(let id, let port, let isMovable, let list):
            return try registerAgain(id, Peer(port: port, isMovable: isMovable), list)
        case .leave(let id): return leave(id)
        case .prove(let id):
            peers[id]?.isProven = true
            return 0
        case .fail(let id):
            peers[id]?.isProven = false
            return 0
        case .add(let id, let list):
            try checkRegistered(id)
            return add(list, to: id)
        case .delete(let id, let paths):
            try checkRegistered(id)
            return paths.reduce(0) { $0 + (remove($1, from: id) ? 1 : 0) }
        case .got(let id, let what): return try got(id, what)
        case .partial(let id, let root): return try partial(id, root)
        case .compact, .ask, .walk, .turn: return 0
        }
    }

    /// Follows the engine where it compacted.
    mutating func age(to seconds: Int) {
        guard seconds - turned >= 30 else { return }
        (ageing, fresh, turned) = (fresh, [], seconds)
    }

    mutating func compact() {
        titles = titles.filter { !holders($0).isEmpty || fresh.contains($0) || ageing.contains($0) }
    }

    private func checkRegistered(_ id: PeerID) throws(Refusal) {
        guard peers[id] != nil else { throw .notRegistered }
    }

    private mutating func registerAgain(_ id: PeerID, _ peer: Peer, _ list: [FileEntry]) throws(Refusal) -> Int {
        guard id < nextID else { throw .unknownID }
        let old = peers[id]
        peers[id] = peer
        // What the list itself replaces was never to be seen.
        add(list, to: id)
        peers[id]?.isProven = old?.isProven == true && old?.port == peer.port
        if let old {
            for (name, key) in old.list where key.isBare || old.isProven {
                let title = Title(key: key, name: name)
                if holders(title).isEmpty { fresh.insert(title) }
            }
        }
        return id
    }

    private mutating func leave(_ id: PeerID) -> Int {
        guard let old = peers[id] else { return 0 }
        // Partial sources go first: what is only fetched is not remembered as having left.
        peers[id]?.partials = [:]
        for name in old.list.keys { _ = remove(name, from: id) }
        peers[id] = nil
        return 1
    }

    @discardableResult
    private mutating func add(_ list: [FileEntry], to id: PeerID) -> Int {
        list.reduce(0) { $0 + (put($1.name, Key($1), for: id) ? 1 : 0) }
    }

    private mutating func put(_ name: Name, _ key: Key, for id: PeerID) -> Bool {
        let title = Title(key: key, name: name)
        if !titles.contains(title) { titles.append(title) }
        guard peers[id]?.list[name] != key else { return false }
        _ = remove(name, from: id)
        peers[id]?.list[name] = key
        peers[id]?.partials[key] = nil
        return true
    }

    private mutating func remove(_ name: Name, from id: PeerID) -> Bool {
        guard let key = peers[id]?.list.removeValue(forKey: name) else { return false }
        depart(Title(key: key, name: name), from: id)
        return true
    }

    private mutating func depart(_ title: Title, from id: PeerID) {
        if holders(title).isEmpty, shows(title.key, id) { fresh.insert(title) }
    }

    private mutating func partial(_ id: PeerID, _ root: Digest) throws(Refusal) -> Int {
        try checkRegistered(id)
        guard let key = mostTrusted(root), let name = bestName(key), let peer = peers[id] else { return 0 }
        guard !peer.list.values.contains(key), peer.partials[key] == nil else { return 0 }
        peers[id]?.partials[key] = name
        return 1
    }

    private mutating func got(_ id: PeerID, _ what: Acquisition) throws(Refusal) -> Int {
        try checkRegistered(id)
        let given = given(what.content, by: what.giver)
        guard let title = given ?? known(what.content) else { return 0 }
        if what.ownership == .move {
            guard given != nil, id != what.giver, let giver = peers[what.giver] else { return 0 }
            guard title.key.isBare || giver.isMovable else { throw .noConsent }
        }
        let changed = take(title, as: what.path, by: id)
        guard what.ownership == .move else { return changed }
        for (name, key) in peers[what.giver]?.list ?? [:] where key == title.key { _ = remove(name, from: what.giver) }
        return 1
    }

    private mutating func take(_ title: Title, as path: Name?, by id: PeerID) -> Int {
        if path == nil, peers[id]?.list.values.contains(title.key) == true { return 0 }
        guard let name = path ?? Name(validating: title.name.lastComponent) else { return 0 }
        return put(name, title.key.renamed(name), for: id) ? 1 : 0
    }

    private func given(_ reference: ContentReference, by id: PeerID) -> Title? {
        switch reference {
        case .name(let name): return peers[id]?.list[name].map { Title(key: $0, name: name) }
        case .root(let root):
            for key in contents where key.root == root {
                // The newest name that the giver has for it.
                let held = titles.last { $0.key == key && peers[id]?.list[$0.name] == key }
                if let held { return held }
            }
            return nil
        }
    }

    private func known(_ reference: ContentReference) -> Title? {
        switch reference {
        case .root(let root):
            return mostTrusted(root).flatMap { key in bestName(key).map { Title(key: key, name: $0) } }
        case .name(let name):
            let all = titles.filter { $0.name == name }
            let most = all.map(shown).max()
            return all.first { shown($0) == most }
        }
    }
}
