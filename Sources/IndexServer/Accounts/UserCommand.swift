internal import P2PProtocol
internal import P2PRuntime

/// `index-server user …`: the accounts of a state folder.
struct UserCommand {
    let invocation: Invocation
    let configuration: IndexConfiguration

    func run() throws {
        switch invocation.operands.first {
        case Bytes(ascii: "list"): try list()
        case Bytes(ascii: "add"): try add()
        case Bytes(ascii: "remove"): try change(.remove(try name()))
        case Bytes(ascii: "passwd"): try change(.setPassword(try name(), try newPassword()))
        default: throw Misuse("user needs add, remove, passwd or list; see index-server user --help")
        }
    }

    private func add() throws {
        let name = try name()
        // Before anybody types a password twice for nothing.
        guard try open({ $0[name] }) == nil else { throw IndexFailure("\(AccountFault.exists(name))") }
        try change(.add(name, invocation.has("--admin") ? .admin : .member, try newPassword()))
    }

    private func list() throws {
        guard invocation.operands.count == 1 else { throw Misuse("user list takes no name") }
        let accounts = try open { $0.all }
        guard !invocation.has("--json") else {
            let rows = accounts.map { account in
                JSON.object([
                    .init("name", .text("\(account.name)")), .init("role", .text(account.role.name)),
                ])
            }
            return StandardOutput.write(JSON.array(rows).encoded() + [UInt8(ascii: "\n")])
        }
        for account in accounts { StandardOutput.write("\(account.name) \(account.role.name)\n") }
    }

    private func change(_ change: AccountChange) throws {
        do {
            try open { book in
                try book.apply(change)
                try book.settleNow()
            }
        } catch let fault as AccountFault {
            throw IndexFailure(fault.description)
        }
    }

    private func open<Value>(_ body: (AccountBook) throws -> Value) throws -> Value {
        let folder = try StateFolder(exclusively: configuration.stateFolder)
        let storage = WorkerPool(name: "storage", threads: 1)
        defer { storage.close() }
        let book = try AccountBook(path: folder.file("accounts.sqlite"), storage: storage)
        if let aside = book.setAside {
            StandardError.write("index-server: the accounts were damaged and are now \(display(aside))\n")
        }
        return try body(book)
    }

    private func name() throws -> AccountName {
        guard invocation.operands.count == 2 else { throw Misuse("user needs the name of an account") }
        guard let name = AccountName(invocation.operands[1]) else { throw Misuse(AccountName.rule) }
        return name
    }

    private func newPassword() throws -> PasswordHash {
        let password = try NewPassword.ask(file: invocation.value(of: "--password-file"))
        return try PasswordHash(of: password)
    }
}

/// Where a new password comes from: a file, or a person who types it twice. Never the command line, which everybody on
/// the machine can read.
enum NewPassword {
    static func ask(file: Bytes?) throws -> Bytes {
        let password: Bytes
        if let file {
            password = try SecretFile.read(file)
        } else {
            guard Terminal.isInteractive else {
                throw Misuse("no terminal to ask for a password: give --password-file")
            }
            guard let first = Terminal.askSecret("password: "), let second = Terminal.askSecret("again: ") else {
                throw IndexFailure("no password, nothing changed")
            }
            guard first == second else { throw IndexFailure("the two passwords differ, nothing changed") }
            password = first
        }
        if let fault = Password.fault(in: password) { throw IndexFailure(fault) }
        return password
    }
}
