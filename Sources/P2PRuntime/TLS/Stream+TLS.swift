internal import Glibc
package import P2PProtocol

extension Stream {
    /// Shakes hands; from then on all that is sent and received is encrypted. `initial` are bytes that were read before
    /// it was known that the other side speaks TLS. With a `pin`, nobody else is spoken to.
    package func encrypt(
        _ context: TLSContext, initial: Bytes = [], pin: Digest? = nil, until deadline: Moment
    ) async throws(StreamError) {
        let session = try begin(context, initial)
        while true {
            switch session.handshake() {
            case .done(0): throw .encryption(.handshake("the other side closed the connection"))
            case .done:
                if let pin, case let presented = session.presented, presented != pin {
                    throw .encryption(.stranger(expected: pin, presented: presented))
                }
                tls = session
                point.signal(.readable)
                return
            case .wantsRead:
                point.consumed(.readable)
                try await waitForHandshake(.readable, until: deadline)
            case .wantsWrite:
                point.consumed(.writable)
                try await waitForHandshake(.writable, until: deadline)
            case .failed:
                throw .encryption(.handshake(TLSSession.lastReason))
            }
        }
    }

    /// The same towards somebody who is known by the certificate; nothing when none is known.
    package func encrypt(pin: Digest?, until deadline: Moment) async throws(StreamError) {
        guard let pin else { return }
        switch TLSContext.outgoing {
        case .success(let context): try await encrypt(context, pin: pin, until: deadline)
        case .failure(let fault): throw .encryption(fault)
        }
    }

    private func waitForHandshake(_ interest: Readiness, until deadline: Moment) async throws(StreamError) {
        let readiness = await wait(for: interest.union([.shutdown, .woken]), until: deadline)
        if readiness.contains(.deadline) { throw .timedOut }
        if readiness.contains(.woken), Task.isCancelled { throw .cancelled }
        if readiness.contains(.shutdown), readiness.isDisjoint(with: interest) { throw .closedEarly }
    }

    /// Whether nobody on the way can read or change what travels.
    package var isEncrypted: Bool { tls != nil }

    /// What a step of the session means to those who use the stream.
    func result(of step: TLSSession.Step, for readiness: Readiness) -> CallResult {
        switch step {
        case .done(let count):
            // More may lie in OpenSSL's buffer, and what is no longer in the socket makes no edge.
            if readiness == .readable { point.signal(.readable) }
            return .done(count)
        case .failed(let code): return .failed(code)
        case .wantsRead where readiness == .readable, .wantsWrite where readiness == .writable:
            point.consumed(readiness)
            return .wouldBlock
        // Only who changes keys while we wait for them to read comes here; a stream waits for one thing at a time.
        case .wantsRead, .wantsWrite: return .failed(EPROTO)
        }
    }

    /// Encrypts a part of a file. OpenSSL sends a record at a time: more would be read in vain.
    func sendEncrypted(_ file: Int32, at offset: inout Int, count: Int, over session: TLSSession) -> CallResult {
        let buffer = UnsafeMutableRawBufferPointer(rebasing: loop.scratch.input[..<min(count, Self.recordBytes)])
        let position = off_t(offset)
        let got = SystemCall.attempt { pread(file, buffer.baseAddress, buffer.count, position) }
        guard case .done(let count) = got, count > 0 else { return got }
        let result = result(
            of: session.write(UnsafeRawBufferPointer(rebasing: buffer[..<count])), for: .writable)
        if case .done(let sent) = result { offset += sent }
        return result
    }

    private static var recordBytes: Int { 16 << 10 }
}
