import Testing
import Peer

@Suite struct IntegrationTestsPlaceholder {
    @Test("builds") func builds() { #expect(Bool(true)) }
}
