import Testing
import Peer

@Suite struct PeerTestsPlaceholder {
    @Test("builds") func builds() { #expect(Bool(true)) }
}
