internal import P2PProtocol
internal import P2PRuntime

/// How a command gets at the accounts of a state folder: through the index that runs on it, or by itself.
struct StateCommand {
    private let configuration: IndexConfiguration

    init(_ configuration: IndexConfiguration) { self.configuration = configuration }

    /// What the running index answers; nil where none runs.
    func ask(_ command: [Bytes]) throws -> Reply? {
        guard let path = ControlSocket.path(for: configuration.stateFolder) else { return nil }
        let greeting = [Bytes(ascii: "HELLO"), Bytes(ascii: "3")]
        guard let reply = try LocalInquiry.ask([greeting, command], at: path)?.last else { return nil }
        if case .error(let line) = reply {
            let isPlain = line.starts(with: Bytes(ascii: "ERR "))
            throw IndexFailure("the running index-server says: \(display(isPlain ? Bytes(line.dropFirst(4)) : line))")
        }
        return reply
    }

    func change(_ change: AccountChange) throws {
        do {
            try open { book in
                try book.apply(change)
                try book.settleNow()
            }
        } catch let fault as AccountFault {
            throw IndexFailure(fault.description)
        }
    }

    func open<Value>(_ body: (AccountBook) throws -> Value) throws -> Value {
        let folder = try StateFolder(exclusively: configuration.stateFolder)
        let storage = WorkerPool(name: "storage", threads: 1)
        defer { storage.close() }
        let book = try AccountBook(path: folder.file("accounts.sqlite"), storage: storage)
        if let aside = book.setAside {
            StandardError.write("index-server: the accounts were damaged and are now \(display(aside))\n")
        }
        return try body(book)
    }
}
