internal import P2PProtocol
internal import P2PRuntime

/// Asks for a name and a password when a server wants them: three times, then no more.
struct LoginDialogue {
    private static let tries = 3

    let account: IndexAccount
    /// The configured name; asked for where it is nil.
    let user: Bytes?
    /// The menu's input, which need not be a terminal; nil for a command, which asks on a terminal only.
    var lines: LineReader?

    /// `links` are the servers as they are now, `again` tries those that have refused once more. False when somebody was
    /// asked three times, and no server lets us in.
    func run(_ links: () async -> [IndexLink], again: ([ServerAddress]) async -> Void) async -> Bool {
        for _ in 0..<Self.tries {
            let refused = await links().filter(\.refusesLogin)
            guard let first = refused.first else { return true }
            guard let login = await ask(first) else { return true }
            let servers = refused.map(\.server)
            account.set(login, for: servers)
            await again(servers)
        }
        let links = await links()
        return !links.contains(where: \.refusesLogin) || links.contains { (try? $0.connection.get()) != nil }
    }

    private func ask(_ link: IndexLink) async -> Login? {
        let isInteractive = Terminal.isInteractive
        guard let lines = lines ?? (isInteractive ? LineReader() : nil) else { return nil }
        if case .failure(let failure) = link.connection, failure.isWrongLogin {
            complain("\(link.server): \(failure)")
        } else {
            complain("\(link.server) takes members only")
        }
        var name = user
        if name == nil { name = await lines.ask("name: ") }
        guard let name, !name.isEmpty else { return nil }
        let password: Bytes?
        if isInteractive, lines.isTerminal {
            password = Terminal.askSecret("password: ")
        } else {
            StandardOutput.write("password: ")
            password = await lines.next()
        }
        return password.map { Login(user: name, password: $0) }
    }
}

extension IndexLink {
    /// Whether it is a login that keeps us out.
    fileprivate var refusesLogin: Bool {
        guard case .failure(let failure) = connection else { return false }
        return failure.needsAccount || failure.isWrongLogin
    }
}

extension PeerConfiguration {
    /// By what we are let in, as far as it is said.
    var account: IndexAccount {
        get throws {
            let devices = DeviceKeys(path: Path.join(stateFolder, Bytes(ascii: "devices.json")))
            guard let user, let passwordFile else { return IndexAccount(devices: devices) }
            do {
                return IndexAccount(Login(user: user, password: try SecretFile.read(passwordFile)), devices: devices)
            } catch {
                throw PeerFailure("cannot read the password: \(error)")
            }
        }
    }
}

extension PeerApplication {
    /// Joins all servers, and asks whoever sits there for what that takes. False when nobody lets us in.
    func join(asking lines: LineReader? = nil) async -> Bool {
        await roster.join()
        return await settleLogin(asking: lines)
    }

    /// The second half, once each server has been tried.
    func settleLogin(asking lines: LineReader?) async -> Bool {
        let dialogue = LoginDialogue(account: account, user: configuration.user, lines: lines)
        return await dialogue.run({ [roster] in roster.memberships.map(\.link) }) { [roster] servers in
            await roster.rejoin(servers)
        }
    }
}
