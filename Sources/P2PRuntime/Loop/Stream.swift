internal import CLinux
internal import Glibc
internal import P2PProtocol

/// A connected socket on a loop, used by the one task that serves it.
///
/// SAFETY: used only by its own task, on its loop; the descriptor is closed once, by `close()` or deinit.
package final class Stream: @unchecked Sendable {
    package let point: WaitPoint
    /// The other side, as the kernel saw it when the connection came up.
    package let remote: Endpoint
    private let descriptor: Int32
    private var isOpen = true
    /// Present once both sides have agreed on keys.
    var tls: TLSSession?

    /// Takes a connected, non-blocking socket; on the loop only.
    package init(_ socket: consuming Descriptor, from remote: Endpoint, on loop: EventLoop) throws(SystemError) {
        self.remote = remote
        point = WaitPoint(on: loop)
        descriptor = socket.release()
        do {
            try point.watch(descriptor)
        } catch {
            close()
            throw error
        }
    }

    deinit {
        if isOpen { _ = Glibc.close(descriptor) }
    }

    package var loop: EventLoop { point.loop }

    /// The address on our side: what a remote asker would reach us at.
    package var local: Endpoint? { Socket.localEndpoint(descriptor) }

    /// A session that encrypts what travels over the socket, of which `initial` was read before.
    func begin(_ context: TLSContext, _ initial: Bytes) throws(StreamError) -> TLSSession {
        let session = initial.withUnsafeBytes { context.session(on: descriptor, initial: $0) }
        guard let session else { throw .encryption(.unusable("no memory")) }
        return session
    }

    /// The number under which the kernel knows it, for people.
    package var descriptorNumber: Int { Int(descriptor) }

    /// Closes the descriptor and gives the wait point back.
    package func close() {
        guard isOpen else { return }
        tls?.finish()
        tls = nil
        isOpen = false
        point.detach()
        _ = Glibc.close(descriptor)
    }

    /// Closes so that the other side sees a reset, and no TIME_WAIT is left here.
    package func abort() {
        guard isOpen else { return }
        tls = nil
        Socket.resetOnClose(descriptor)
        close()
    }

    package func keepAlive() { Socket.keepAlive(descriptor) }

    /// Says that nothing more will be sent.
    package func finishWriting() {
        guard isOpen else { return }
        tls?.finish()
        _ = shutdown(descriptor, Int32(SHUT_WR))
    }

    // MARK: Without waiting

    /// Reads what has arrived. `.done(0)` is the end of the stream.
    package func receive(into buffer: UnsafeMutableRawBufferPointer) -> CallResult {
        guard isOpen else { return .failed(EBADF) }
        if let tls { return result(of: tls.read(into: buffer), for: .readable) }
        let result = SystemCall.attempt { recv(descriptor, buffer.baseAddress, buffer.count, 0) }
        switch result {
        case .done(let count) where count > 0 && count < buffer.count:
            // A short read empties the socket: the next edge tells of more, without a call that says EAGAIN.
            point.consumed(.readable)
        case .wouldBlock:
            point.consumed(.readable)
        default:
            break
        }
        return result
    }

    /// Sends what the kernel takes at once. `isMoreToCome` lets a head travel in one packet with the body behind it.
    package func send(_ bytes: UnsafeRawBufferPointer, isMoreToCome: Bool = false) -> CallResult {
        guard isOpen else { return .failed(EBADF) }
        if let tls { return result(of: tls.write(bytes), for: .writable) }
        let result = SystemCall.attempt {
            Glibc.send(
                descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL) | (isMoreToCome ? Int32(MSG_MORE) : 0))
        }
        if result == .wouldBlock { point.consumed(.writable) }
        return result
    }

    /// Sends from a file without passing through this process; blocks on cold pages, so ask the page cache first.
    package func sendFile(_ file: Int32, at offset: inout Int, count: Int) -> CallResult {
        guard isOpen else { return .failed(EBADF) }
        if let tls { return sendEncrypted(file, at: &offset, count: count, over: tls) }
        var position = off_t(offset)
        let result = SystemCall.attempt { sendfile(descriptor, file, &position, count) }
        if case .done = result { offset = Int(position) }
        if result == .wouldBlock { point.consumed(.writable) }
        return result
    }

    // MARK: With waiting

    package func wait(for interest: Readiness, until deadline: Moment) async -> Readiness {
        await point.wait(for: interest, until: deadline)
    }

    /// Reads at least one byte; 0 is the end of the stream.
    package func read(
        into buffer: UnsafeMutableRawBufferPointer, until deadline: Moment
    ) async throws(StreamError) -> Int {
        while true {
            switch receive(into: buffer) {
            case .done(let count): return count
            case .failed(let code): throw .failed(SystemError("recv", code, on: remote.description))
            case .wouldBlock: try check(await wait(for: .readable, until: deadline))
            }
        }
    }

    /// Sends all of it.
    package func write(
        _ bytes: [UInt8], until deadline: Moment, isMoreToCome: Bool = false
    ) async throws(StreamError) {
        var sent = 0
        while sent < bytes.count {
            let result = bytes.withUnsafeBytes {
                send(UnsafeRawBufferPointer(rebasing: $0[sent...]), isMoreToCome: isMoreToCome)
            }
            switch result {
            case .done(let count): sent += count
            case .failed(let code): throw .failed(SystemError("send", code, on: remote.description))
            case .wouldBlock: try check(await wait(for: .writable, until: deadline))
            }
        }
    }

    /// Waits until a connect that was begun has come to an end.
    func finishConnecting(until deadline: Moment) async throws(StreamError) {
        let point = self.point
        let readiness = await withTaskCancellationHandler {
            await wait(for: [.writable, .woken], until: deadline)
        } onCancel: {
            point.wake()
        }
        try check(readiness)
        if Task.isCancelled { throw .cancelled }
        let code = Socket.pendingError(descriptor)
        guard code == 0 else { throw .failed(SystemError("connect", code, on: remote.description)) }
    }

    private func check(_ readiness: Readiness) throws(StreamError) {
        if readiness.contains(.deadline) { throw .timedOut }
    }
}

/// Why a stream could not go on.
package enum StreamError: Error, Equatable, Sendable {
    case failed(SystemError)
    case timedOut
    case closedEarly
    /// Nobody wants it any more.
    case cancelled
    /// No encrypted connection came up, or not one with whom it should be.
    case encryption(TLSFault)
}

extension StreamError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .failed(let error): error.description
        case .timedOut: "timed out"
        case .closedEarly: "closed before the end"
        case .cancelled: "no longer wanted"
        case .encryption(let fault): fault.description
        }
    }
}
