internal import P2PProtocol
internal import P2PRuntime

/// `index-server user …` and `invite`: the accounts of a state folder. The index that runs on it does it, where there is
/// one.
struct UserCommand {
    let invocation: Invocation
    let configuration: IndexConfiguration

    func run() throws {
        switch invocation.operands.first {
        case Bytes(ascii: "list"): try list()
        case Bytes(ascii: "add"): try add()
        case Bytes(ascii: "remove"):
            let name = try name()
            try tell(["USER", "REMOVE"], [name.bytes]) { try change(.remove(name)) }
        case Bytes(ascii: "passwd"):
            let (name, password) = (try name(), try newPassword())
            try tell(["USER", "PASSWD"], [name.bytes, password]) {
                try change(.setPassword(name, try PasswordHash(of: password)))
            }
        default: throw Misuse("user needs add, remove, passwd or list; see index-server user --help")
        }
    }

    private func add() throws {
        let name = try name()
        // Before anybody types a password twice for nothing.
        guard try !accounts().contains(where: { $0.name == name.bytes }) else {
            throw IndexFailure("\(AccountFault.exists(name))")
        }
        let (password, isAdministrator) = (try newPassword(), invocation.has("--admin"))
        try tell(["USER", "ADD"], [name.bytes, password] + (isAdministrator ? [Bytes(ascii: "ADMIN")] : [])) {
            try change(.add(name, isAdministrator ? .admin : .member, try PasswordHash(of: password)))
        }
    }

    private func list() throws {
        guard invocation.operands.count == 1 else { throw Misuse("user list takes no name") }
        let accounts = try accounts()
        guard !invocation.has("--json") else {
            let rows = accounts.map { account in
                JSON.object([
                    .init("name", .string(account.name)), .init("role", .string(account.role)),
                    .init("devices", .integer(account.devices)),
                ])
            }
            return StandardOutput.write(JSON.array(rows).encoded() + [UInt8(ascii: "\n")])
        }
        for account in accounts { StandardOutput.write("\(display(account.name)) \(display(account.role))\n") }
    }

    private func accounts() throws -> [(name: Bytes, role: Bytes, devices: Int)] {
        guard let reply = try StateCommand(configuration).ask([Bytes(ascii: "USER"), Bytes(ascii: "LIST")]) else {
            return try StateCommand(configuration).open { book in
                book.all.map { ($0.name.bytes, Bytes($0.role.name.utf8), $0.devices.count) }
            }
        }
        return (reply.array ?? []).map {
            ($0["name"]?.bytes ?? [], $0["role"]?.bytes ?? [], $0["devices"]?.integer ?? 0)
        }
    }

    /// Through the running index, or by `otherwise` where none runs.
    private func tell(_ words: [StaticString], _ arguments: [Bytes], otherwise: () throws -> Void) throws {
        let command = words.map { Bytes(ascii: $0) } + arguments
        if try StateCommand(configuration).ask(command) == nil { try otherwise() }
    }

    private func change(_ change: AccountChange) throws {
        try StateCommand(configuration).change(change)
    }

    private func name() throws -> AccountName {
        guard invocation.operands.count == 2 else { throw Misuse("user needs the name of an account") }
        guard let name = AccountName(invocation.operands[1]) else { throw Misuse(AccountName.rule) }
        return name
    }

    private func newPassword() throws -> Bytes {
        try NewPassword.ask(file: invocation.value(of: "--password-file"))
    }
}
