import P2PProtocol

/// Feeds bytes to a command parser as a connection would, in the given portions, and keeps what came of them.
struct CommandFeeding: Equatable {
    /// Arguments of each complete command.
    var commands: [[Bytes]] = []
    /// Which of them were typed as lines.
    var inline: [Bool] = []
    /// What ended the connection.
    var failure: WireError?
    /// Bytes that wait for more.
    var waiting = 0

    init(_ portions: [Bytes], limits: Limits = .standard) {
        var parser = CommandParser(limits: limits)
        var buffer = Bytes()
        for portion in portions where failure == nil {
            buffer += portion
            drain(&buffer, &parser)
        }
        waiting = buffer.count
    }

    init(_ bytes: Bytes, limits: Limits = .standard) {
        self.init([bytes], limits: limits)
    }

    init(_ text: String, limits: Limits = .standard) {
        self.init([Bytes(text.utf8)], limits: limits)
    }

    private mutating func drain(_ buffer: inout Bytes, _ parser: inout CommandParser) {
        while true {
            switch parser.next(in: buffer.span) {
            case .needMore: return
            case .blank(let consumed): buffer.removeFirst(consumed)
            case .command(let consumed):
                commands.append(parser.arguments(in: buffer.span))
                inline.append(parser.isInline)
                buffer.removeFirst(consumed)
            case .failed(let error):
                failure = error
                return
            }
        }
    }

    /// The arguments as text, for tables.
    var texts: [[String]] {
        commands.map { $0.map { String(decoding: $0, as: UTF8.self) } }
    }
}
