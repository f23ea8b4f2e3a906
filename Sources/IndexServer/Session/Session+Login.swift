internal import P2PProtocol
internal import P2PRuntime

/// Who is on the other side, and what they may do.
extension Session {
    /// Whether it may ask for more than to be let in.
    var isIn: Bool { !server.isClosed || account != nil || isOwner }

    /// Whether it may do what administrators do. Without accounts they are those who sit at the index's own machine.
    var isAdministrator: Bool {
        if isOwner { return true }
        if let account { return server.accounts[account.name]?.role == .admin }
        return !server.isClosed && stream.remote.address.isLoopback
    }

    /// Compares a password, off the loop; then `welcome` answers.
    func logIn(_ login: Login, _ welcome: @escaping (Session) -> Void) throws(WireError) {
        // An open index knows Redis's nameless user, who needs no password.
        guard server.isClosed || login.user != AccountName.nameless else { return welcome(self) }
        deferred = { [self] in
            switch await server.desk.check(login, from: stream.remote, at: stream.point) {
            case .welcome(let account):
                if enter(account) { welcome(self) }
            case .refused: fail(.wrongPassword)
            case .busy: fail(WireError("busy, try again"))
            case .gone: isClosing = true
            }
        }
    }

    /// Redeems an invitation. Wrong codes and unknown names are one to who asks.
    func join(_ request: JoinRequest) {
        deferred = { [self] in
            do {
                guard case .welcome(let account) = try await server.desk.redeem(request, from: stream.remote) else {
                    return fail(.wrongPassword)
                }
                guard enter(account) else { return }
                server.log.notice("user.joined", ["user": account.name.bytes, "client": handle.remote.description])
                writer.simple("OK")
            } catch {
                failAccounts(error)
            }
        }
    }

    /// The accounts could not be written.
    func failAccounts(_ error: any Error) {
        server.log.error("accounts.failed", ["error": "\(error)"])
        fail(WireError("the index cannot write its state; its log says why"))
    }

    /// Whoever was removed is told so if that is possible at once.
    func sayGoodbye() {
        guard handle.isRevoked, writer.output.isEmpty else { return }
        let line = Bytes(ascii: "-NOAUTH this account was removed or changed\r\n")
        _ = line.withUnsafeBytes { stream.send($0) }
    }

    /// False when the account has as many connections as it may.
    private func enter(_ account: Account) -> Bool {
        let isNew = self.account?.name != account.name
        guard !isNew || server.connectionsOfAccounts.enter(account.name) else {
            hit(.connectionsPerAccount)
            fail(WireError("this account has as many connections as it may"))
            return false
        }
        if isNew, self.account != nil {
            unregister(because: "login")
            logOut()
        }
        self.account = account
        handle.account = account.name
        parser.use(server.commandLimits)
        // Who was removed meanwhile: whoever did it has looked for this session before it had that name.
        guard server.desk.isCurrent(account) else {
            handle.revoke()
            return false
        }
        if isNew { server.note(account.name, "in", by: handle.remote) }
        return true
    }

    func logOut() {
        guard let account else { return }
        self.account = nil
        handle.account = nil
        server.connectionsOfAccounts.leave(account.name)
        server.note(account.name, "out", by: handle.remote)
        guard server.isClosed else { return }
        loginDeadline = now + server.configuration.limits.login
        parser.use(server.limitsBeforeLogin)
    }

    /// Who never pauses never reaches a deadline while it waits: what has to be in by then is looked at here too.
    func isInTime() -> Bool {
        guard !isIn, deferred == nil, loginDeadline <= now else { return true }
        hit(.login)
        return false
    }

    func countErrorBeforeLogin() {
        errorsBeforeLogin += 1
        guard errorsBeforeLogin >= server.limits.errorsBeforeLogin else { return }
        hit(.errorsBeforeLogin)
        isClosing = true
    }
}

extension Command {
    /// What Redis answers to anybody.
    var isAllowedBeforeLogin: Bool {
        switch self {
        case .hello, .auth, .join, .quit, .reset: true
        default: false
        }
    }
}

extension WireError {
    // Redis's words, for those who look for them.
    fileprivate static let wrongPassword = WireError(
        "invalid username-password pair or user is disabled.", prefix: "WRONGPASS")
    static let noAccount = WireError("Authentication required.", prefix: "NOAUTH")
    static let noAccountForHello = WireError(
        "HELLO must be called with the client already authenticated, otherwise the HELLO <proto> AUTH <user> <pass> "
            + "option can be used to authenticate the client and select the RESP protocol version at the same time",
        prefix: "NOAUTH")
}
