import Testing
import P2PRuntime

@Suite struct P2PRuntimeTestsPlaceholder {
    @Test("builds") func builds() { #expect(Bool(true)) }
}
