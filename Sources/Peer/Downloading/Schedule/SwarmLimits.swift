/// How many sources a download deals with, and how patient it is with them.
package struct SwarmLimits: Sendable {
    package static let standard = SwarmLimits()

    /// Sources that are connected at a time.
    package var connections = 20
    /// Of these at one address; this machine's own does not count.
    package var connectionsPerHost = 4
    /// Sources that are remembered.
    package var sources = 2_000
    /// Failures in a row after which nothing much is expected of a source; it is tried again all the same.
    package var attempts = 4
    /// For so long after the last byte, though, sources that fail may come back.
    package var grace: Duration = .seconds(30)
    /// The longest time that a source's Retry-After is believed.
    package var longestBusy: Duration = .seconds(60)
    /// Pieces of one request, and for how long it is to keep a source busy.
    package var runLength = 64
    package var runSeconds = 1.5
    /// The same where the order matters: while other takers have pieces to give, and from the front.
    package var shortRunSeconds = 0.5
    /// Silence within an answer, and before one: a request may wait in a queue for ten seconds.
    package var stall: Duration = .seconds(5)
    package var headPatience: Duration = .seconds(15)
    /// The same for who has never given anything, while others wait for the place.
    package var crowdPatience: Duration = .milliseconds(2_500)
    /// A source that has been silent for so long does not keep others from being tried.
    package var doubt: Duration = .milliseconds(1_500)
}
