internal import P2PProtocol
internal import P2PRuntime

/// `index-server invite NAME`: prints the one line that a new member types behind `peer join`.
struct InviteCommand {
    let invocation: Invocation
    let configuration: IndexConfiguration

    func run() throws {
        guard let name = invocation.operands.first.flatMap({ AccountName($0) }) else { throw Misuse(AccountName.rule) }
        let seconds = try Self.seconds(invocation.value(of: "--expires"))
        let (index, running) = try place()
        let code = try invite(name, seconds)
        let line = JoinLine(server: Bytes(index.description.utf8), fingerprint: index.pin, user: name, code: code)
        StandardOutput.write(line.text + [UInt8(ascii: "\n")])
        if !running { complain("no index runs on this state now: the line says where it will be looked for") }
        if StandardOutput.isTerminal {
            complain("\(name) types peer join and this line, which works once; --expires says for how long")
        }
    }

    private func complain(_ text: String) { StandardError.write("index-server: \(text)\n") }

    private func invite(_ name: AccountName, _ seconds: Int) throws -> Bytes {
        let words = [Bytes(ascii: "USER"), Bytes(ascii: "INVITE"), name.bytes, Bytes(ascii: "EXPIRES")]
        if let reply = try StateCommand(configuration).ask(words + [Bytes(decimal: seconds)]) {
            return reply.bytes ?? []
        }
        let (invitation, code) = try Invitation.make(for: name, seconds: seconds)
        try StateCommand(configuration).change(.invite(invitation))
        return code
    }

    /// Where the new member finds the index, and by which certificate it is known.
    private func place() throws -> (index: ServerAddress, isRunning: Bool) {
        try RootedFolder.makeFolders(configuration.stateFolder, mode: 0o700)
        let ask = [Bytes(ascii: "CONFIG"), Bytes(ascii: "GET"), Bytes(ascii: "*")]
        let running = try StateCommand(configuration).ask(ask)
        let fingerprint =
            try running?["fingerprint"]?.bytes.flatMap { Digest(hex: $0) }
            ?? StateFolder.identity(configuration, in: configuration.stateFolder).fingerprint
        if let said = invocation.value(of: "--at") {
            guard let server = ServerAddress(String(decoding: said, as: UTF8.self)) else {
                throw Misuse("--at needs HOST:PORT")
            }
            return (ServerAddress(host: server.host, port: server.port, pin: fingerprint), running != nil)
        }
        let port = running?["port"]?.bytes.flatMap { Decimal.parse($0) }.flatMap { UInt16(exactly: $0) }
        let listening = running?["bind"]?.bytes.flatMap { IPAddress(literal: $0) } ?? configuration.address
        let address = listening.isUnspecified ? LocalAddresses.reachable : listening
        guard let address, let port = port ?? configuration.ports.first(where: { $0 != 0 }) else {
            throw Misuse("say with --at HOST:PORT where the new member finds this index")
        }
        return (ServerAddress(host: "\(address)", port: port, pin: fingerprint), running != nil)
    }

    /// `90s`, `15m`, `12h` or `7d`.
    private static func seconds(_ text: Bytes?) throws(Misuse) -> Int {
        guard let text else { return Invitation.usualSeconds }
        let units: [UInt8: Int] = [0x73: 1, 0x6D: 60, 0x68: 3_600, 0x64: 86_400]
        let longest = UserRequest.longestInvitation
        guard let unit = text.last.flatMap({ units[$0] }),
            let count = Decimal.parse(text.dropLast(), in: 1...(longest / unit))
        else { throw Misuse("--expires needs a time such as 90s, 15m, 12h or 7d, at most 365d") }
        return count * unit
    }
}
