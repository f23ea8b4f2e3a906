import IndexServer
import P2PProtocol
import P2PRuntime
import Testing

@Suite struct SessionHandleTests {
    /// A handle on a loop of its own, for the length of `body`.
    private func withHandle<Value: Sendable>(
        _ body: @escaping @Sendable (SessionHandle) -> Value
    ) async throws -> Value {
        let group = try LoopGroup(count: 1)
        defer { group.stop() }
        let loop = group.loops[0]
        return await Task(executorPreference: loop) {
            let point = WaitPoint(on: loop)
            defer { point.detach() }
            return body(
                SessionHandle(id: 1, remote: Endpoint(address: .loopback, port: 9_001), since: .now, point: point))
        }.value
    }

    @Test("letters come in the order in which they were left, each once")
    func order() async throws {
        let (first, second) = try await withHandle { handle in
            for channel in [Bytes(ascii: "a"), Bytes(ascii: "b")] {
                handle.post(.message(channel: channel, payload: []))
            }
            return (handle.takeLetters().count, handle.takeLetters().count)
        }
        #expect(first == 2 && second == 0)
    }

    @Test("[attack A7] a subscriber who never reads holds half a MiB at most, and is told why it ends")
    func overflow() async throws {
        let letters = try await withHandle { handle in
            let payload = Bytes(repeating: 0x61, count: 1_000)
            for _ in 0..<10_000 { handle.post(.message(channel: [0x61], payload: payload)) }
            return handle.takeLetters()
        }
        #expect(letters.count == 1)
        guard case .overflow? = letters.first else {
            Issue.record("the last letter does not close")
            return
        }
    }
}
