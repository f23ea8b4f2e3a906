extension CommandTable {
    static let connection = [
        Entry(name: "HELLO", fewest: 1, most: nil, summary: "Agrees on the protocol's version") {
            (reader) throws(WireError) in .hello(try Hello(reading: &reader))
        },
        Entry(name: "AUTH", fewest: 2, most: 3, summary: "Logs in") {
            (reader) throws(WireError) in
            guard reader.remaining > 1 else {
                return .auth(Login(user: Bytes(ascii: "default"), password: try reader.bytes()))
            }
            return .auth(try Login(reading: &reader))
        },
        Entry(name: "JOIN", fewest: 4, most: 4, summary: "Redeems an invitation and logs in") {
            (reader) throws(WireError) in .join(try JoinRequest(reading: &reader))
        },
        Entry(name: "PING", fewest: 1, most: 2, summary: "Shows that the index is there") {
            (reader) throws(WireError) in .ping(reader.next().map { Bytes($0) })
        },
        Entry(name: "ECHO", fewest: 2, most: 2, summary: "Says what it is told") {
            (reader) throws(WireError) in .echo(try reader.bytes())
        },
        Entry(name: "QUIT", fewest: 1, most: nil, summary: "Unregisters and closes the connection") {
            (_) throws(WireError) in .quit
        },
        Entry(name: "RESET", fewest: 1, most: 1, summary: "Unregisters and begins anew") {
            (_) throws(WireError) in .reset
        },
        Entry(name: "SELECT", fewest: 2, most: 2, summary: "Selects the one database") {
            (reader) throws(WireError) in
            guard let index = Decimal.parse(try reader.text()) else {
                throw WireError("value is not an integer or out of range")
            }
            guard index == 0 else { throw WireError("DB index is out of range") }
            return .select
        },
        Entry(name: "INFO", fewest: 1, most: nil, summary: "Tells about the index") {
            (reader) throws(WireError) in .info(reader.rest())
        },
        Entry(name: "COMMAND", fewest: 1, most: nil, summary: "Tells about the commands") {
            (reader) throws(WireError) in .command(try CommandInquiry(reading: &reader))
        },
        Entry(name: "CLIENT", fewest: 2, most: nil, summary: "Tells about connections and names them") {
            (reader) throws(WireError) in .client(try ClientRequest(reading: &reader))
        },
        Entry(name: "CONFIG", fewest: 2, most: nil, summary: "Reads and changes settings") {
            (reader) throws(WireError) in .config(try ConfigRequest(reading: &reader))
        },
    ]

    static let sharing = [
        Entry(name: "REG", fewest: 4, most: nil, summary: "Registers a peer with its port and its list") {
            (reader) throws(WireError) in .register(try Registration(reading: &reader))
        },
        Entry(name: "UPD", fewest: 3, most: nil, summary: "Changes a registered peer's list") {
            (reader) throws(WireError) in .update(try Update(reading: &reader))
        },
    ]

    static let finding = [
        Entry(name: "SEARCH", fewest: 2, most: nil, summary: "Finds contents and who has them") {
            (reader) throws(WireError) in .search(try SearchRequest(reading: &reader))
        },
        Entry(name: "SOURCES", fewest: 2, most: 6, summary: "Lists who has a content") {
            (reader) throws(WireError) in .sources(try SourcesRequest(reading: &reader))
        },
        Entry(name: "CHECK", fewest: 2, most: nil, summary: "Tells whether a name exists") {
            (reader) throws(WireError) in
            reader.keepQuotes()
            return .check(try reader.joinedRest("name"))
        },
        Entry(name: "LIST", fewest: 1, most: nil, summary: "Lists distinct names") {
            (reader) throws(WireError) in .list(try ListRequest(reading: &reader))
        },
        Entry(name: "PEERS", fewest: 1, most: 1, summary: "Lists the registered peers") {
            (_) throws(WireError) in .peers
        },
        Entry(name: "BROWSE", fewest: 2, most: 8, summary: "Lists a peer's files, a folder at a time") {
            (reader) throws(WireError) in .browse(try BrowseRequest(reading: &reader))
        },
    ]

    static let telling = [
        Entry(name: "META", fewest: 2, most: nil, summary: "Keeps free fields about a title") {
            (reader) throws(WireError) in .meta(try MetaRequest(reading: &reader))
        },
        Entry(name: "SUBSCRIBE", fewest: 2, most: nil, summary: "Tells when something is found or a peer comes") {
            (reader) throws(WireError) in .subscribe(try reader.channels())
        },
        Entry(name: "UNSUBSCRIBE", fewest: 1, most: nil, summary: "Ends subscriptions") {
            (reader) throws(WireError) in .unsubscribe(reader.rest())
        },
        Entry(name: "TICKET", fewest: 3, most: 3, summary: "Gives a signed pass to a peer's files") {
            (reader) throws(WireError) in .ticket(try TicketRequest(reading: &reader))
        },
    ]

    static let administration = [
        Entry(name: "USER", fewest: 2, most: nil, summary: "Keeps the accounts") {
            (reader) throws(WireError) in .user(try UserRequest(reading: &reader))
        },
        Entry(name: "KICK", fewest: 2, most: 2, summary: "Closes a peer's connection") {
            (reader) throws(WireError) in .kick(try reader.peer())
        },
    ]
}
