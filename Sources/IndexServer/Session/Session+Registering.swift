internal import P2PProtocol
internal import P2PRuntime

/// REG, UPD and what ends a registration.
extension Session {
    func register(_ request: Registration) throws(WireError) {
        guard let port = UInt16(exactly: request.port), PeerPort.permits(port) else {
            throw WireError("REG: port \(request.port) is not one that a peer may have; take one from 1024 up")
        }
        let host = try AddressPolicy.host(
            claimed: request.host ?? [UInt8(ascii: "*")], observed: stream.remote.address,
            allowsForeign: server.configuration.allowsForeignHosts)
        let endpoint = Endpoint(address: host, port: port)
        if let id = request.id {
            let token = try knownToken(request, of: id)
            server.registry.touch(id)
            return try enter(request, at: endpoint, id: id, token: token)
        }
        if let registration, request.token == nil || request.token == registration.token {
            return try enter(request, at: endpoint, id: registration.id, token: registration.token)
        }
        if let former, request.token == nil, registration == nil, server.sessions.holder(of: former.id) == nil {
            return try enter(request, at: endpoint, id: former.id, token: former.token)
        }
        guard registration != nil || server.registrations.hasRoom(stream.remote.address) else {
            hit(.registrationsPerAddress)
            throw Self.tooManyRegistrations
        }
        guard registration != nil || payer.map(server.registrationsOfAccounts.hasRoom) ?? true else {
            hit(.registrationsPerAccount)
            throw Self.tooManyOfAccount
        }
        guard server.mayTakeID(stream.remote.address, now: now) else {
            throw WireError("REG: your address has been given as many ids as it may in a minute")
        }
        deferred = { [self] in
            do {
                let credential = try await server.registry.issue()
                try enter(request, at: endpoint, id: credential.id, token: credential.token)
            } catch let error as WireError {
                fail(error)
            } catch {
                server.log.error("registry.failed", ["error": "\(error)"])
                fail(WireError("REG: the index cannot write its state; its log says why"))
            }
        }
    }

    /// The token for an id that somebody says is theirs.
    private func knownToken(_ request: Registration, of id: Int) throws(WireError) -> Bytes {
        if let registration, registration.id == id, request.token == nil { return registration.token }
        guard let token = request.token else {
            guard server.registry.accepts([], of: id) != nil else { throw WireError("REG: unknown id \(id)") }
            throw WireError("REG: id \(id) needs its TOKEN", prefix: "NOPERM")
        }
        switch server.registry.accepts(token, of: id) {
        case true?: return token
        case false?: throw WireError("REG: that is not the token of id \(id)", prefix: "NOPERM")
        case nil: throw WireError("REG: unknown id \(id)")
        }
    }

    /// Enters the peer in the dictionary and answers.
    private func enter(
        _ request: Registration, at endpoint: Endpoint, id: PeerID, token: Bytes
    ) throws(WireError) {
        let lease = request.lease.map { min(Duration.seconds($0), server.configuration.limits.lease) }
        // A connection has one registration: whoever has one already brings its place along.
        if registration == nil { try takePlace() }
        let description = PeerDescription(
            host: endpoint.address, port: Int(endpoint.port), name: request.name, lease: lease,
            certificate: request.certificate, isMovable: request.ownership == .move)
        let subject = ProofSubject(id: id, endpoint: endpoint, certificate: request.certificate)
        let admission = Admission(subject: subject, token: token, lease: lease)
        guard !isLong(request.entries) else {
            deferred = { [self] in
                do throws(WireError) {
                    try await arrive(description, as: id, sharing: request.entries)
                    complete(request, admission)
                } catch {
                    giveBackPlace()
                    fail(error)
                }
            }
            return
        }
        do throws(WireError) {
            try change("REG", of: [id]) { engine throws(Refusal) in
                _ = try engine.register(description, as: id, sharing: request.entries, now: now)
                claim(id, sharing: request.entries, of: engine)
            }
            complete(request, admission)
        } catch {
            giveBackPlace()
            throw error
        }
    }

    /// A registration that is being made: the peer is not in the dictionary yet.
    private struct Admission {
        let subject: ProofSubject
        let token: Bytes
        let lease: Duration?
    }

    /// Nothing came of a registration that was to be the connection's first.
    private func giveBackPlace() {
        if registration == nil { leavePlace() }
    }

    /// Counts a registration for the address and for the account.
    private func takePlace() throws(WireError) {
        guard server.registrations.enter(stream.remote.address) else {
            hit(.registrationsPerAddress)
            throw Self.tooManyRegistrations
        }
        guard let payer else { return }
        guard server.registrationsOfAccounts.enter(payer) else {
            server.registrations.leave(stream.remote.address)
            hit(.registrationsPerAccount)
            throw Self.tooManyOfAccount
        }
    }

    private func leavePlace() {
        server.registrations.leave(stream.remote.address)
        if let payer { server.registrationsOfAccounts.leave(payer) }
    }

    /// Who is in by an account in closed mode stays so while it is registered; in open mode it may come later.
    private var payer: AccountName? { server.isClosed ? account?.name : nil }

    /// Makes a peer whose list has just been entered this connection's. To be called while that is locked: whoever comes
    /// or goes under the same id at the same moment comes or goes wholly before or wholly after.
    func claim(_ id: PeerID, sharing entries: [FileEntry], of engine: borrowing Engine) {
        let peer = engine.peer(id)
        server.lists.note(
            .replaced(entries, certificate: peer?.description.certificate, isProven: peer?.reachability == .proven),
            of: id)
        if let former = server.sessions.claim(id, for: handle) {
            former.post(.close(.fatal("your id was taken over by a newer connection")))
        }
    }

    /// Whether a peer is this connection's: to be asked, like `claim`, under the lock of what is then changed.
    func holds(_ id: PeerID) -> Bool { server.sessions.holder(of: id) === handle }

    /// The peer is in the dictionary, and this connection's.
    private func complete(_ request: Registration, _ admission: Admission) {
        let subject = admission.subject
        let isAsked = isBeingAsked(subject)
        if let registration, registration.id != subject.id {
            unregister(because: "replaced")
            try? takePlace()
        }
        var entry = SessionRegistration(subject, token: admission.token, lease: admission.lease, now: .now)
        entry.isProbing = isAsked
        registration = entry
        server.log.info(
            "peer.registered",
            ["id": subject.id, "peer": subject.endpoint.description, "files": request.entries.count])
        answerRegistration(request)
        proveIfNeeded(request.entries)
    }

    private static var tooManyRegistrations: WireError {
        WireError("REG: your address has as many registered peers as it may")
    }

    private static var tooManyOfAccount: WireError {
        WireError("REG: your account has as many registered peers as it may")
    }

    /// Whether the port has been asked for its proof and has not failed: a failed one is asked again by a new REG.
    private func isBeingAsked(_ subject: ProofSubject) -> Bool {
        guard let registration, registration.subject == subject, registration.isProbing else { return false }
        return server.engine.read { $0.peer(subject.id)?.reachability != .refused }
    }

    private func answerRegistration(_ request: Registration) {
        guard let registration else { return }
        writer.map(8)
        writer.bulk("id")
        writer.integer(registration.id)
        writer.bulk("host")
        writer.bulk(registration.subject.endpoint.address.text)
        writer.bulk("port")
        writer.integer(Int(registration.subject.endpoint.port))
        writer.bulk("lease")
        if let lease = registration.lease { writer.integer(Int(lease.inSeconds)) } else { writer.null() }
        writer.bulk("files")
        writer.integer(request.entries.count)
        writer.bulk("token")
        writer.bulk(registration.token)
        writer.bulk("key")
        writeKey()
        writer.bulk("time")
        writer.integer(Int(WallClock.now.milliseconds))
    }

    func update(_ request: Update) throws(WireError) {
        guard let registration else { throw WireError("UPD: not registered, REG first") }
        let id = registration.id
        switch request {
        case .add(let entries) where isLong(entries):
            return deferred = { [self] in await addInSteps(entries, to: id) }
        case .delete(let paths) where isLong(paths):
            return deferred = { [self] in await deleteInSteps(paths, from: id) }
        default: break
        }
        let changed = try change("UPD", of: request.peers(besides: id)) { engine throws(Refusal) in
            guard holds(id) else { throw .notRegistered }
            let changed =
                switch request {
                case .add(let entries): try engine.add(entries, to: id)
                case .delete(let paths): try engine.delete(paths, from: id)
                case .got(let acquisition): try engine.got(acquisition, by: id)
                case .partial(let root): try engine.addPartial(root, to: id)
                }
            remember(request, of: id, &engine)
            return changed
        }
        writer.integer(changed)
        if case .add(let entries) = request { proveIfNeeded(entries) }
        // Whoever has no list yet becomes a source by this.
        if case .partial = request, changed > 0 { prove() }
        if case .got(let acquisition) = request, changed > 0 {
            // By its root: the caller's list has an entry with a content now, which may be its first.
            if case .root = acquisition.content { prove() }
            server.log.info("peer.got", ["id": id, "from": acquisition.giver])
        }
    }

    /// Keeps the list on the disk up to date.
    private func remember(_ request: Update, of id: PeerID, _ engine: inout Engine) {
        switch request {
        case .add(let entries): server.lists.note(.added(entries), of: id)
        case .delete(let paths): server.lists.note(.removed(paths), of: id)
        case .got:
            for handover in engine.takeHandovers() {
                switch handover.change {
                case .took(let entry): server.lists.note(.added([entry]), of: handover.peer)
                case .gave(let path): server.lists.note(.removed([path]), of: handover.peer)
                }
            }
        case .partial: break
        }
    }

    /// Takes the peer out of the dictionary, unless another connection has taken it over.
    func unregister(because reason: StaticString) {
        guard let registration else { return }
        self.registration = nil
        former = (registration.id, registration.token)
        leavePlace()
        guard holds(registration.id) else { return }
        let hasLeft = server.change(of: [registration.id]) { engine in
            guard server.sessions.release(registration.id, by: handle) else { return false }
            engine.unregister(registration.id, rememberingUntil: now + ListJournal.memory)
            server.lists.note(.left(Int(WallClock.now.milliseconds)), of: registration.id)
            return true
        }
        guard hasLeft else { return }
        server.log.info("peer.left", ["id": registration.id, "reason": "\(reason)"])
    }

    /// Changes the engine; its refusals are the command's errors.
    func change<Value>(
        _ command: String, of peers: [PeerID], _ body: (inout Engine) throws(Refusal) -> Value
    ) throws(WireError) -> Value {
        do {
            return try server.change(of: peers, body)
        } catch {
            if case .tooManyFiles = error { hit(.filesPerPeer) }
            if error == .indexFull { hit(.files) }
            throw error.wireError(for: command)
        }
    }

    /// The first FILES entry starts the proof of the peer's port, once the reply is on its way.
    func proveIfNeeded(_ entries: [FileEntry]) {
        if entries.contains(where: { $0.size != nil }) { prove() }
    }

    private func prove() {
        guard var registration, !registration.isProbing else { return }
        registration.isProbing = true
        self.registration = registration
        server.prove(registration.subject, token: registration.token, by: handle, on: stream.loop)
    }
}

extension Update {
    /// Whose entries it changes.
    fileprivate func peers(besides id: PeerID) -> [PeerID] {
        if case .got(let acquisition) = self { [id, acquisition.giver] } else { [id] }
    }
}
