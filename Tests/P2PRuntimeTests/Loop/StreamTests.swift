import P2PProtocol
import P2PRuntime
import Testing

@Suite struct StreamTests {
    /// Runs `body` on a loop of a group of its own, and stops the group.
    private func onLoop<Value: Sendable>(
        _ body: @escaping @Sendable (LoopGroup, EventLoop) async throws -> Value
    ) async throws -> Value {
        let group = try LoopGroup(count: 2)
        defer { group.stop() }
        let loop = group.loops[0]
        return try await Task(executorPreference: loop) { try await body(group, loop) }.value
    }

    private static func echo(_ stream: Stream) async {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4_096, alignment: 1)
        defer { buffer.deallocate() }
        while let count = try? await stream.read(into: buffer, until: .now + .seconds(10)), count > 0 {
            guard (try? await stream.write(Array(buffer[..<count]), until: .now + .seconds(10))) != nil else { return }
        }
    }

    @Test("a megabyte comes back whole from an echo on another loop")
    func echoes() async throws {
        let received = try await onLoop { group, loop in
            let listener = try Listener(on: Endpoint(address: .loopback, port: 0), group: group)
            listener.serve(Self.echo)
            let stream = try await Stream.connect(to: listener.endpoint, on: loop, until: .now + .seconds(5))
            defer { stream.close() }
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 1)
            defer { buffer.deallocate() }
            let piece = (0..<50_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            for _ in 0..<20 {
                try await stream.write(piece, until: .now + .seconds(20))
                var received = Bytes()
                while received.count < piece.count {
                    received += buffer[..<(try await stream.read(into: buffer, until: .now + .seconds(20)))]
                }
                guard received == piece else { return false }
            }
            return true
        }
        #expect(received)
    }

    @Test("a deadline ends a read that nobody answers, and not much earlier")
    func deadline() async throws {
        let waited = try await onLoop { group, loop in
            let listener = try Listener(on: Endpoint(address: .loopback, port: 0), group: group)
            listener.serve { stream in _ = await stream.wait(for: .readable, until: .now + .seconds(5)) }
            let stream = try await Stream.connect(to: listener.endpoint, on: loop, until: .now + .seconds(5))
            defer { stream.close() }
            let start = Moment.now
            await #expect(throws: StreamError.timedOut) {
                let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1, alignment: 1)
                defer { buffer.deallocate() }
                _ = try await stream.read(into: buffer, until: start + .milliseconds(50))
            }
            return Moment.now.since(start)
        }
        #expect(waited >= .milliseconds(50))
    }

    @Test("a refused connection says so by name")
    func refused() async throws {
        let error = try await onLoop { group, loop in
            let endpoint = try Listener(on: Endpoint(address: .loopback, port: 0), group: group).endpoint
            do {
                try await Stream.connect(to: endpoint, on: loop, until: .now + .seconds(5)).close()
                return ""
            } catch { return "\(error)" }
        }
        #expect(error.contains("Connection refused"))
    }

    @Test("a wake from another thread ends a sleep")
    func wakes() async throws {
        let readiness = try await onLoop { group, loop in
            let point = WaitPoint(on: loop)
            defer { point.detach() }
            Task(executorPreference: group.loops[1]) { point.wake() }
            return await point.sleep(until: .now + .seconds(10))
        }
        #expect(readiness == .woken)
    }
}
