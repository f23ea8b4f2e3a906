internal import P2PProtocol
internal import P2PRuntime

/// Which handler answers which command.
extension Session {
    /// Counts a command, and says whether it may be given now.
    func admit(_ command: Command) throws(WireError) {
        server.metrics.commands.add(1)
        guard isIn || command.isAllowedBeforeLogin else { throw .noAccount }
        if !subscriptions.isEmpty, writer.version == .two, !command.isAllowedWhileSubscribed {
            let name = display(command.words.first ?? []).lowercased()
            throw WireError(
                "Can't execute '\(name)': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in "
                    + "this context")
        }
    }

    func answer(_ command: Command) throws(WireError) {
        let kind = CommandKind(command)
        defer { if deferred == nil { latencies.count(kind) } else { deferredKind = kind } }
        switch command {
        case .search(let request): try search(request)
        case .sources(let request): try sources(request)
        case .check(let name): try check(name)
        case .list(let request): try list(request)
        case .peers: peers()
        case .browse(let request): try browse(request)
        case .register(let registration): try register(registration)
        case .update(let update): try self.update(update)
        case .subscribe(let channels): try subscribe(channels)
        case .unsubscribe(let channels): unsubscribe(channels)
        default: try answerConnection(command)
        }
    }

    private func answerConnection(_ command: Command) throws(WireError) {
        switch command {
        case .hello(let hello): try greet(hello)
        case .auth(let login): try logIn(login) { session in session.writer.simple("OK") }
        case .ping(let payload): ping(payload)
        case .echo(let payload): writer.bulk(payload)
        case .quit: quit()
        case .reset: reset()
        case .select: writer.simple("OK")
        case .info(let sections): info(sections)
        case .command(let inquiry): inquire(inquiry)
        case .client(let request): client(request)
        case .config(let request): try config(request)
        case .meta(let request): try meta(request)
        case .kick(let id): try kick(id)
        case .user(let request): try user(request)
        case .join(let request): join(request)
        case .ticket(let request): try sign(request)
        default: throw WireError("unknown command")
        }
    }
}

extension Command {
    fileprivate var isAllowedWhileSubscribed: Bool {
        switch self {
        case .subscribe, .unsubscribe, .ping, .quit, .reset: true
        default: false
        }
    }
}
