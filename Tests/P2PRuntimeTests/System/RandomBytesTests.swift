import P2PProtocol
import P2PRuntime
import Testing

@Suite struct RandomBytesTests {
    @Test("tokens are 64 hex digits, and no two are the same")
    func forms() throws {
        let tokens = try (0..<100).map { _ in try RandomBytes.token() }
        #expect(Set(tokens).count == 100)
        #expect(tokens.allSatisfy { Hex.decode($0)?.count == 32 })
        #expect(try RandomBytes.make(0) == [])
    }
}
