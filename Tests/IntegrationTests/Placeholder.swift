import Peer
import Testing

@Suite struct IntegrationTestsPlaceholder {
    @Test("builds") func builds() { #expect(Bool(true)) }
}
