import Peer
import Testing

@Suite struct PeerTestsPlaceholder {
    @Test("builds") func builds() { #expect(Bool(true)) }
}
