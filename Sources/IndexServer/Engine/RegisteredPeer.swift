package import P2PProtocol
package import P2PRuntime

/// A peer that is in the dictionary.
package struct RegisteredPeer: Sendable {
    package let key: PeerKey
    /// The host as the wire writes it, made once.
    package let hostText: Bytes
    package let description: PeerDescription
    package internal(set) var reachability = Reachability.unknown
    /// Bytes of the files it has whole.
    package internal(set) var bytes = 0
    /// When it was last heard of.
    package internal(set) var lastHeard: Moment
    var titles = TitleSet()
    /// The number of the last change of what it lists or shows, among those of all peers.
    var listChange = 0
    /// Contents of which it has a part, with the title under which it is listed.
    var partials: [ContentID: TitleID] = [:]

    init(id: PeerID, _ description: PeerDescription, now: Moment) {
        key = PeerKey(id: id, host: description.host, port: description.port)
        hostText = description.host.text
        self.description = description
        lastHeard = now
    }

    /// What stands in a slot that nobody has.
    static let vacant = RegisteredPeer(
        id: 0, PeerDescription(host: .any, port: 0), now: Moment(nanoseconds: 0))

    /// How many names it shares.
    package var files: Int { titles.count }
}
