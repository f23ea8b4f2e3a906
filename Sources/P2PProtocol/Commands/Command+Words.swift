extension Command {
    /// The command as its sender writes it, its name first: what `parse` reads back.
    package var words: [Bytes] {
        switch self {
        case .hello(let hello): hello.words
        case .join(let request): request.words
        case .auth(let login): [Bytes(ascii: "AUTH"), login.user, login.password]
        case .ping(let message): [Bytes(ascii: "PING")] + (message.map { [$0] } ?? [])
        case .echo(let message): [Bytes(ascii: "ECHO"), message]
        case .quit: [Bytes(ascii: "QUIT")]
        case .reset: [Bytes(ascii: "RESET")]
        case .select: [Bytes(ascii: "SELECT"), Bytes(ascii: "0")]
        case .info(let sections): [Bytes(ascii: "INFO")] + sections
        case .command(let inquiry): inquiry.words
        case .client(let request): request.words
        case .config(let request): request.words
        case .register(let registration): registration.words
        case .update(let update): update.words
        case .search(let request): request.words
        case .sources(let request): request.words
        case .check(let name): [Bytes(ascii: "CHECK"), name]
        case .list(let request): request.words
        case .peers: [Bytes(ascii: "PEERS")]
        case .browse(let request): request.words
        case .meta(let request): request.words
        case .subscribe(let channels): [Bytes(ascii: "SUBSCRIBE")] + channels.map(\.name)
        case .unsubscribe(let names): [Bytes(ascii: "UNSUBSCRIBE")] + names
        case .ticket(let request): request.words
        case .user(let request): request.words
        case .kick(let peer): [Bytes(ascii: "KICK"), Bytes(decimal: peer)]
        }
    }
}
