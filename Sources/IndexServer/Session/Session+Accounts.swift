internal import P2PProtocol
internal import P2PRuntime

/// USER: the accounts, for administrators.
extension Session {
    func user(_ request: UserRequest) throws(WireError) {
        try requireAdministrator("USER")
        switch request {
        case .list: list()
        case .add(let login, let isAdministrator):
            let role: Account.Role = isAdministrator ? .admin : .member
            try change(login, "USER ADD") { name, hash in .add(name, role, hash) }
        case .changePassword(let login): try change(login, "USER PASSWD") { name, hash in .setPassword(name, hash) }
        case .remove(let name): perform(.remove(try accountName(name, "USER REMOVE")), "USER REMOVE")
        case .changeRole(let name, let isAdministrator):
            perform(.setRole(try accountName(name, "USER ROLE"), isAdministrator ? .admin : .member), "USER ROLE")
        case .invite(let name, let seconds):
            try invite(try accountName(name, "USER INVITE"), seconds ?? Invitation.usualSeconds)
        }
    }

    private func list() {
        let accounts = server.accounts.all
        writer.array(accounts.count)
        for account in accounts {
            writer.map(3)
            writer.bulk("name")
            writer.bulk(account.name.bytes)
            writer.bulk("role")
            writer.bulk(Bytes(account.role.name.utf8))
            writer.bulk("devices")
            writer.integer(account.devices.count)
        }
    }

    private func change(
        _ login: Login, _ command: String, _ change: @escaping (AccountName, PasswordHash) -> AccountChange
    ) throws(WireError) {
        let name = try accountName(login.user, command)
        if let fault = Password.fault(in: login.password) { throw WireError("\(command): \(fault)") }
        deferred = { [self] in
            do {
                let hash = try await server.desk.hash(login.password)
                // Who gave the order may be none who may any more.
                try requireAdministrator(command)
                await carryOut(change(name, hash), command)
            } catch {
                fail(error as? WireError ?? WireError("busy, try again"))
            }
        }
    }

    private func invite(_ name: AccountName, _ seconds: Int) throws(WireError) {
        guard let (invitation, code) = try? Invitation.make(for: name, seconds: seconds) else {
            throw WireError("USER INVITE: no randomness, try again")
        }
        deferred = { [self] in
            await carryOut(.invite(invitation), "USER INVITE") { session in session.writer.bulk(code) }
        }
    }

    private func perform(_ change: AccountChange, _ command: String) {
        deferred = { [self] in await carryOut(change, command) }
    }

    private func carryOut(
        _ change: AccountChange, _ command: String,
        answer: (Session) -> Void = { session in session.writer.simple("OK") }
    ) async {
        do {
            try await server.accounts.change(change)
        } catch let fault as AccountFault {
            return fail(WireError("\(command): \(fault)"))
        } catch {
            return failAccounts(error)
        }
        server.log.notice(
            "account.changed",
            ["user": change.name.bytes, "what": command.lowercased(), "by": account?.name.bytes])
        answer(self)
        if change.endsSessions { server.endSessions(of: change.name, besides: handle) }
        // Who has removed themselves hears that it is done.
        if account?.name == change.name, change.endsSessions {
            account = server.accounts[change.name]
            isClosing = isClosing || account == nil
        }
    }

    private func accountName(_ bytes: Bytes, _ command: String) throws(WireError) -> AccountName {
        guard let name = AccountName(bytes) else { throw WireError("\(command): \(AccountName.rule)") }
        return name
    }
}
