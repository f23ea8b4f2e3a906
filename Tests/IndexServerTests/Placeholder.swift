import IndexServer
import Testing

@Suite struct IndexServerTestsPlaceholder {
    @Test("builds") func builds() { #expect(Bool(true)) }
}
