/// What a client asks of an index, one case a command (docs/PROTOCOL.md, "Peer ↔ index").
package enum Command: Hashable, Sendable {
    // What every Redis client may say.
    case hello(Hello)
    case auth(Login)
    case join(JoinRequest)
    case ping(Bytes?)
    case echo(Bytes)
    case quit
    case reset
    /// `SELECT 0`: there is one database.
    case select
    case info([Bytes])
    case command(CommandInquiry)
    case client(ClientRequest)
    case config(ConfigRequest)

    // What an index is for.
    indirect case register(Registration)
    indirect case update(Update)
    case search(SearchRequest)
    case sources(SourcesRequest)
    /// `CHECK <name>`, its arguments joined.
    case check(Bytes)
    case list(ListRequest)
    case peers
    case browse(BrowseRequest)
    indirect case meta(MetaRequest)
    case subscribe([Channel])
    /// Channels by their names, all of them when there are none.
    case unsubscribe([Bytes])
    case ticket(TicketRequest)

    // What administrators may do.
    case user(UserRequest)
    case kick(Int)

    /// The command that `parser` has just come to the end of; `bytes` as they were given to it.
    package static func parse(_ parser: CommandParser, in bytes: Span<UInt8>) throws(WireError) -> Command {
        try parser.withArguments(in: bytes) { (arguments) throws(WireError) -> Command in
            guard let entry = CommandTable.entry(Keyword(arguments[0])) else { throw .unknownCommand(arguments) }
            var reader = CommandReader(arguments, verb: entry.name, limits: parser.shared)
            guard entry.accepts(arguments.count) else { throw reader.arity }
            return try entry.parse(&reader)
        }
    }
}

extension WireError {
    /// As Redis 7 says it: with the beginning of what was asked.
    fileprivate static func unknownCommand(_ arguments: Arguments) -> WireError {
        var beginning = ""
        for index in 1..<max(arguments.count, 1) where beginning.utf8.count < 128 {
            beginning += "'\(excerpt(of: arguments[index], limit: 128 - beginning.utf8.count))' "
        }
        return WireError("unknown command '\(excerpt(of: arguments[0]))', with args beginning with: \(beginning)")
    }
}
