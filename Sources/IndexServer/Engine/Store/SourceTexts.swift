internal import P2PProtocol

/// The beginning of each peer's line in an answer, `[id host port …`, as both versions of RESP write it: made once, in
/// places of equal length side by side, so that a line of an answer is one copy.
struct SourceTexts {
    /// One byte for the length, and the longest text: 4 for the array, 22 for the id, 46 for the host, 8 for the port.
    private static let placeBytes = 96

    private var places: Bytes = []

    /// Writes the line of the peer that has the slot from now on.
    mutating func admit(_ key: PeerKey, host: Bytes, as peer: PeerSlot) {
        var writer = ReplyWriter()
        writer.array(5)
        writer.integer(key.id)
        writer.bulk(host)
        writer.integer(key.port)
        let text = writer.output.bytes.prefix(Self.placeBytes - 1)
        let start = Int(peer) * Self.placeBytes
        let missing = max(0, start + Self.placeBytes - places.count)
        places.append(contentsOf: repeatElement(0, count: missing))
        places[start] = UInt8(text.count)
        places.replaceSubrange(start + 1..<start + 1 + text.count, with: text)
    }

    /// Lends the beginning of a peer's line.
    @inline(__always)
    func withText(of peer: PeerSlot, _ body: (Span<UInt8>) -> Void) {
        let start = Int(peer) * Self.placeBytes
        body(places.span.extracting(start + 1..<start + 1 + Int(places[start])))
    }
}
