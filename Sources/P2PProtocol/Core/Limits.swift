/// Every maximum of both wires in one place. Parsers take it as a parameter; each has tests at max − 1, max, max + 1.
package struct Limits: Sendable, Equatable {
    // MARK: RESP

    /// Arguments of one command.
    package var arguments = 65_536
    /// Bytes of one whole command, framing included.
    package var commandBytes = 16 << 20
    /// Bytes of an inline command's line.
    package var inlineBytes = 64 << 10
    /// Nesting of a reply or of JSON that is read.
    package var depth = 32
    /// The same for a connection that has not logged in where an account is needed.
    package var argumentsBeforeLogin = 10
    package var commandBytesBeforeLogin = 16 << 10
    /// Errors that it is told of, and replies that may wait for it to read.
    package var errorsBeforeLogin = 3
    package var outputBeforeLogin = 1 << 10
    /// Passwords that wait to be compared.
    package var waitingLogins = 256
    /// Of one address at a time.
    package var loginsPerAddress = 8
    /// Bytes of one whole reply, as a client reads it.
    package var replyBytes = 32 << 20
    /// Bytes of a host, of a peer's own name and of a token in a registration.
    package var hostBytes = 255
    package var labelBytes = 128
    package var tokenBytes = 128
    /// The longest lease in seconds: a day.
    package var leaseSeconds = 86_400
    /// The size of one file; the greatest number that JSON readers keep exact.
    package var fileBytes = 1 << 53

    // MARK: Names and queries

    package var nameBytes = 1_024
    package var queryBytes = 2_048
    package var queryTerms = 32
    /// A JSON document that is read: a configuration, a ticket, a page of a share list.
    package var jsonBytes = 4 << 20
    /// What LIMIT is when it is not said, and its ceiling.
    package var pageDefault = 50
    package var pageMaximum = 1_000
    /// Sources listed with one hit; the count beside them is exact.
    package var sourcesPerHit = 64

    // MARK: The index

    /// Files that one peer may list, and all of them together.
    package var filesPerPeer = 10_000_000
    package var filesInAll = 100_000_000
    /// Peers that have left and whose lists are remembered, and the files of all of them together.
    package var rememberedPeers = 20_000
    package var rememberedFiles = 2_000_000
    /// Titles (contents under a name) that are kept, those that nobody holds any more included.
    package var titles = 1 << 30
    /// Unfinished downloads that one peer may be a partial source of.
    package var partialsPerPeer = 10_000
    /// Titles of META, the fields of one, the bytes of a value, and of all titles together.
    package var metaTitles = 1_000_000
    package var metaFields = 64
    package var metaValueBytes = 4_096
    package var metaBytes = 64 << 20
    /// Bytes after which a page of META ALL ends, whatever its LIMIT.
    package var metaPageBytes = 1 << 20
    /// Postings that a search reads before it lets others at the index.
    package var postingsPerStep = 64 << 10
    /// Entries of a share that come, go, appear or disappear before others are let at the index.
    package var entriesPerStep = 16 << 10
    /// Entries of a long list that are looked up and added, or looked up and removed, before others are let at it.
    package var listedPerStep = 1 << 10

    // MARK: HTTP

    package var headBytes = 16 << 10
    package var headFields = 100
    package var targetBytes = 8 << 10
    /// The body of a request: forms and JSON of a page, never a file.
    package var bodyBytes = 64 << 10

    // MARK: Shared folders

    /// How deep folders may be nested in a share.
    package var folderDepth = 64
    /// Bytes of a shared file. A sparse file may claim far more than any disk holds, and keep a core hashing for ever.
    package var sharedFileBytes = 16 << 40

    // MARK: Connections

    /// Channels that one connection may be subscribed to.
    package var subscriptions = 1_000
    /// Bytes that all subscriptions of an index take up, text and bookkeeping.
    package var subscriptionBytes = 256 << 20
    /// Different queries that wait for the same word, or for nothing that can be looked up.
    package var subscriptionsPerAnchor = 1_000
    /// Events that may wait to be told before those who listen are disconnected.
    package var waitingEvents = 1 << 18

    /// Output that waits for a slow reader before we stop reading from it.
    package var outputHighWater = 256 << 10
    /// Output that waits before the connection is closed.
    package var outputCeiling = 32 << 20
    /// Messages that wait for a subscriber who is behind, before the connection is closed.
    package var messageBytes = 512 << 10

    // MARK: Files of our own

    /// A configuration file.
    package var configurationBytes = 1 << 20

    package init() {}

    package static let standard = Limits()

    /// The same limits for a connection that has not logged in where an account is needed.
    package var beforeLogin: Limits {
        var limits = self
        limits.arguments = argumentsBeforeLogin
        limits.commandBytes = commandBytesBeforeLogin
        return limits
    }
}
