import Testing
import IndexServer

@Suite struct IndexServerTestsPlaceholder {
    @Test("builds") func builds() { #expect(Bool(true)) }
}
