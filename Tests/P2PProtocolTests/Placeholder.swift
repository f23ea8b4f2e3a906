import Testing
import P2PProtocol

@Suite struct P2PProtocolTestsPlaceholder {
    @Test("builds") func builds() { #expect(Bool(true)) }
}
