internal import CLinux
internal import Glibc
internal import P2PProtocol

/// Sends a part of a file with `sendfile`, which blocks on pages that are not in memory: each chunk is first looked
/// for in the page cache, and read by the pool when it is not there.
struct FileSender {
    private static let chunkBytes = 1 << 20
    /// How soon it looks again whether more has arrived.
    private static let glance: Duration = .milliseconds(20)

    let stream: Stream
    let disk: WorkerPool
    let patience: Duration

    func send(
        _ file: OpenFile, _ range: ByteRange, _ sent: @Sendable (Int) -> Void,
        _ pace: (@Sendable (_ wanted: Int) -> Allowance)? = nil
    ) async throws {
        var offset = range.first
        var allowed = pace == nil ? Int.max : 0
        while offset <= range.last {
            let end = min(offset + Self.chunkBytes, range.last + 1)
            if !isWarm(file, offset, end) { try await warm(file, offset, end) }
            while offset < end {
                if allowed == 0, let pace { allowed = try await wait(pace(end - offset)) }
                let before = offset
                switch stream.sendFile(file.descriptor.raw, at: &offset, count: min(allowed, end - offset)) {
                // The file has shrunk under us. The reader sees a short answer, never padding.
                case .done(0): throw StreamError.closedEarly
                case .done:
                    sent(offset - before)
                    allowed -= offset - before
                case .failed(let code): throw StreamError.failed(SystemError("sendfile", code))
                case .wouldBlock: try await waitForRoom()
                }
            }
        }
    }

    /// Sends a file while it comes: `arrived` says how much of it is there.
    func send(_ file: OpenFile, _ range: ByteRange, arrived: @Sendable (Int) -> Int?) async throws {
        var offset = range.first
        while offset <= range.last {
            guard let count = arrived(offset) else { throw StreamError.closedEarly }
            let end = offset + min(count, Self.chunkBytes, range.last - offset + 1)
            guard let part = ByteRange(offset, end - 1) else {
                let readiness = await stream.wait(for: .shutdown, until: .now + Self.glance)
                guard readiness.isDisjoint(with: [.hangUp, .shutdown]) else { throw StreamError.closedEarly }
                continue
            }
            try await send(file, part, { _ in })
            offset = end
        }
    }

    private func wait(_ allowance: Allowance) async throws(StreamError) -> Int {
        while Moment.now < allowance.start {
            if await stream.wait(for: [], until: allowance.start).contains(.hangUp) { throw .closedEarly }
        }
        return allowance.count
    }

    private func waitForRoom() async throws(StreamError) {
        let readiness = await stream.wait(for: .writable, until: .now + patience)
        if readiness.contains(.deadline) { throw .timedOut }
    }

    /// Whether the first and the last page of the chunk are in memory: read-ahead loads what lies between.
    private func isWarm(_ file: OpenFile, _ start: Int, _ end: Int) -> Bool {
        var byte: UInt8 = 0
        for offset in [start, end - 1] where clinux_pread_nowait(file.descriptor.raw, &byte, 1, off_t(offset)) < 0 {
            // A file system that cannot say counts as warm: there is no better way to ask.
            if errno == EAGAIN { return false }
        }
        return true
    }

    private func warm(_ file: OpenFile, _ start: Int, _ end: Int) async throws {
        try await disk.run {
            withUnsafeTemporaryAllocation(byteCount: 64 << 10, alignment: 64) { buffer in
                for offset in stride(from: start, to: end, by: buffer.count) {
                    let count = min(buffer.count, end - offset)
                    guard pread(file.descriptor.raw, buffer.baseAddress, count, off_t(offset)) > 0 else { return }
                }
            }
        }
    }
}
