import P2PProtocol
import P2PRuntime
import TestSupport
import Testing

@Suite struct TLSStreamTests {
    private static let patience = Duration.seconds(20)
    private let identity: TLSIdentity
    private let server: TLSContext
    private let client: TLSContext

    init() throws {
        identity = try TLSIdentity.make(name: "a test")
        server = try TLSContext(serving: identity)
        client = try TLSContext()
    }

    /// Runs `body` with a connection to a listener of another loop that does `serve`.
    private func connected(
        _ serve: @escaping @Sendable (Stream) async -> Void, _ body: @escaping @Sendable (Stream) async throws -> Void
    ) async throws {
        let group = try LoopGroup(count: 2)
        defer { group.stop() }
        let loop = group.loops[0]
        try await Task(executorPreference: loop) {
            let listener = try Listener(on: Endpoint(address: .loopback, port: 0), group: group)
            listener.serve(serve)
            let stream = try await Stream.connect(to: listener.endpoint, on: loop, until: .now + Self.patience)
            defer { stream.close() }
            try await body(stream)
        }.value
    }

    private static func echo(_ stream: Stream) async {
        while let bytes = try? await read(4_096, from: stream), !bytes.isEmpty {
            guard (try? await stream.write(bytes, until: .now + patience)) != nil else { return }
        }
    }

    private static func read(_ count: Int, from stream: Stream) async throws -> Bytes {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 1)
        defer { buffer.deallocate() }
        return Bytes(buffer[..<(try await stream.read(into: buffer, until: .now + patience))])
    }

    @Test(
        "what goes in encrypted comes out as it was, whatever was read before the handshake",
        arguments: [0, 1, 4, 5, 6, 100, 4_096])
    func echoes(initial: Int) async throws {
        let (server, client, pin) = (server, client, identity.fingerprint)
        try await connected { stream in
            let read = initial == 0 ? [] : (try? await Self.read(initial, from: stream)) ?? []
            guard (try? await stream.encrypt(server, initial: read, until: .now + Self.patience)) != nil else { return }
            await Self.echo(stream)
        } _: { stream in
            try await stream.encrypt(client, pin: pin, until: .now + Self.patience)
            #expect(stream.isEncrypted)
            let piece = Noise.bytes(50_000, seed: 1)
            for _ in 0..<20 {
                try await stream.write(piece, until: .now + Self.patience)
                var received = Bytes()
                while received.count < piece.count { received += try await Self.read(65_536, from: stream) }
                #expect(received == piece)
            }
            stream.finishWriting()
            #expect(try await Self.read(1, from: stream).isEmpty)
        }
    }

    @Test("many megabytes for a reader who takes a little at a time, then another little, come whole")
    func slowReader() async throws {
        let (server, client) = (server, client)
        let sent = Noise.bytes(6 << 20, seed: 2)
        try await connected { stream in
            guard (try? await stream.encrypt(server, until: .now + Self.patience)) != nil else { return }
            try? await stream.write(sent, until: .now + Self.patience)
        } _: { stream in
            try await stream.encrypt(client, until: .now + Self.patience)
            var received = Bytes()
            var size = 1
            while case let bytes = try await Self.read(size, from: stream), !bytes.isEmpty {
                received += bytes
                size = size * 5 % 65_537 + 1
            }
            #expect(received == sent)
        }
    }

    @Test("[attack A86] somebody else's certificate ends the connection, and both fingerprints are named")
    func stranger() async throws {
        let (server, client) = (server, client)
        let (own, other) = (identity.fingerprint, try TLSIdentity.make(name: "another").fingerprint)
        try await connected { stream in
            try? await stream.encrypt(server, until: .now + Self.patience)
            await Self.echo(stream)
        } _: { stream in
            let error = await #expect(throws: StreamError.self) {
                try await stream.encrypt(client, pin: other, until: .now + Self.patience)
            }
            #expect(error == .encryption(.stranger(expected: other, presented: own)))
            #expect(error?.description.contains(display(own.hex)) == true)
            #expect(!stream.isEncrypted)
        }
    }

    @Test("[attack A88] who does not speak TLS is told apart from who is silent", arguments: [true, false])
    func noTLS(speaks: Bool) async throws {
        let client = client
        try await connected { stream in
            if speaks { try? await stream.write(Bytes("HTTP/1.1 400 No\r\n\r\n".utf8), until: .now + Self.patience) }
            _ = await stream.wait(for: .shutdown, until: .now + Self.patience)
        } _: { stream in
            let error = await #expect(throws: StreamError.self) {
                try await stream.encrypt(client, until: .now + (speaks ? Self.patience : .milliseconds(50)))
            }
            if case .encryption(.handshake) = error { #expect(speaks) } else { #expect(!speaks && error == .timedOut) }
        }
    }

    @Test("[attack A87] bytes that are no handshake, cut anywhere, end it and nothing else")
    func garbage() async throws {
        let server = server
        let beginnings: [Bytes] = [
            [], [0x16], [0x16, 3], [0x16, 3, 1, 0xFF, 0xFF], [0x16, 3, 1, 0, 0], Noise.bytes(600, seed: 5),
        ]
        for beginning in beginnings {
            let group = try LoopGroup(count: 1)
            defer { group.stop() }
            let loop = group.loops[0]
            let ended = try await Task(executorPreference: loop) {
                let listener = try Listener(on: Endpoint(address: .loopback, port: 0), group: group)
                let (ends, end) = AsyncStream.makeStream(of: Bool.self)
                listener.serve { stream in
                    do {
                        try await stream.encrypt(server, until: .now + Self.patience)
                        end.yield(false)
                    } catch {
                        end.yield(true)
                    }
                }
                let stream = try await Stream.connect(to: listener.endpoint, on: loop, until: .now + Self.patience)
                defer { stream.close() }
                try await stream.write(beginning, until: .now + Self.patience)
                stream.finishWriting()
                return await ends.first { _ in true }
            }.value
            #expect(ended == true)
        }
    }
}

@Suite struct TLSIdentityTests {
    @Test("a certificate and its key are the same after they were written and read")
    func texts() throws {
        let identity = try TLSIdentity.make(name: String(repeating: "a long name ", count: 20))
        let texts = try identity.texts()
        let again = try TLSIdentity.read(certificate: texts.certificate, key: texts.key)
        #expect(again.fingerprint == identity.fingerprint)
    }

    @Test("what is no certificate, no key, or another's key is refused")
    func refused() throws {
        let (one, other) = (try TLSIdentity.make(name: "one").texts(), try TLSIdentity.make(name: "other").texts())
        for (certificate, key) in [
            (one.certificate, other.key), (one.key, one.key), (one.certificate, one.certificate), ([], []),
            (Bytes(one.certificate.prefix(100)), one.key), (one.certificate, Noise.bytes(300, seed: 1)),
        ] {
            #expect(throws: TLSFault.self) { try TLSIdentity.read(certificate: certificate, key: key) }
        }
    }
}
