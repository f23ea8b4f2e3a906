internal import CLinux
internal import Glibc
internal import P2PProtocol

/// Sends a part of a file with `sendfile`, which blocks on pages that are not in memory: each chunk is first looked
/// for in the page cache, and read by the pool when it is not there. Of a file system that does not say what is in
/// memory, as those over a network or in another process, the pool reads everything, and it is sent from there.
struct FileSender {
    private static let chunkBytes = 1 << 20

    /// Where a chunk can be had from.
    private enum Place {
        case memory, disk, unknown
    }

    /// How soon it looks again whether more has arrived.
    private static let glance: Duration = .milliseconds(20)

    let stream: Stream
    let disk: WorkerPool
    let patience: Duration
    /// Whether anybody may still have it.
    var isWanted: (@Sendable () -> Bool)?

    func send(
        _ file: OpenFile, _ range: ByteRange, _ sent: @Sendable (Int) -> Void,
        _ pace: (@Sendable (_ wanted: Int) -> Allowance)? = nil
    ) async throws {
        var offset = range.first
        var allowed = pace == nil ? Int.max : 0
        while offset <= range.last {
            let start = offset
            var end = min(offset + Self.chunkBytes, range.last + 1)
            var bytes: Bytes?
            switch place(of: start..<end, in: file) {
            case .memory: break
            case .disk: try await warm(start..<end, of: file)
            case .unknown:
                let read = try await read(start..<end, of: file)
                guard !read.isEmpty else { throw StreamError.closedEarly }
                (bytes, end) = (read, start + read.count)
            }
            while offset < end {
                if allowed == 0, let pace { allowed = try await wait(pace(end - offset)) }
                if let isWanted, !isWanted() { throw StreamError.cancelled }
                let before = offset
                let count = min(allowed, end - offset)
                let result =
                    if let bytes {
                        send(bytes, from: offset - start, count, &offset)
                    } else {
                        stream.sendFile(file.descriptor.raw, at: &offset, count: count)
                    }
                switch result {
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
            if await stream.wait(for: wakes, until: allowance.start).contains(.hangUp) { throw .closedEarly }
            if let isWanted, !isWanted() { throw .cancelled }
        }
        return allowance.count
    }

    /// Who is woken looks whether to go on.
    private var wakes: Readiness { isWanted == nil ? [] : .woken }

    private func waitForRoom() async throws(StreamError) {
        let readiness = await stream.wait(for: wakes.union(.writable), until: .now + patience)
        if readiness.contains(.deadline) { throw .timedOut }
    }

    private func send(_ bytes: Bytes, from start: Int, _ count: Int, _ offset: inout Int) -> CallResult {
        let result = bytes.withUnsafeBytes { stream.send(UnsafeRawBufferPointer(rebasing: $0[start..<start + count])) }
        if case .done(let sent) = result { offset += sent }
        return result
    }

    /// Whether the first and the last page of a chunk are in memory: read-ahead loads what lies between.
    private func place(of chunk: Range<Int>, in file: OpenFile) -> Place {
        guard file.device != nil else { return .memory }
        var byte: UInt8 = 0
        for offset in [chunk.lowerBound, chunk.upperBound - 1]
        where clinux_pread_nowait(file.descriptor.raw, &byte, 1, off_t(offset)) < 0 {
            return errno == EAGAIN ? .disk : .unknown
        }
        return .memory
    }

    private func warm(_ chunk: Range<Int>, of file: OpenFile) async throws {
        try await onDisk(of: file) {
            withUnsafeTemporaryAllocation(byteCount: 64 << 10, alignment: 64) { buffer in
                for offset in stride(from: chunk.lowerBound, to: chunk.upperBound, by: buffer.count) {
                    let count = min(buffer.count, chunk.upperBound - offset)
                    guard pread(file.descriptor.raw, buffer.baseAddress, count, off_t(offset)) > 0 else { return }
                }
            }
        }
    }

    /// As much of a chunk as there is.
    private func read(_ chunk: Range<Int>, of file: OpenFile) async throws -> Bytes {
        try await onDisk(of: file) {
            var bytes = Bytes(repeating: 0, count: chunk.count)
            let count = try bytes.withUnsafeMutableBytes { try file.descriptor.read(into: $0, at: chunk.lowerBound) }
            bytes.removeLast(chunk.count - count)
            return bytes
        }
    }

    /// A disk that does not answer keeps an answer no longer than a reader who takes nothing.
    private func onDisk<Value: Sendable>(
        of file: OpenFile, _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await disk.run(on: file.device ?? 0, at: stream.point, until: .now + patience, work)
    }
}
