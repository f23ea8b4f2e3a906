internal import Glibc
internal import P2PProtocol

/// Bytes end to end: what is kept of a name or a word is where it starts. They lie in segments that never move, so
/// that no growth copies what is there.
///
/// SAFETY: a segment is allocated whole; what is lent was appended before, at a start that `append` returned, and lies
/// in one segment. The arena is not copied and frees them. Arrays would count references at each look at a name.
package struct Arena: ~Copyable {
    private static let segmentBits: UInt32 = 18
    private static let segmentBytes = 1 << 18
    private static let segmentLimit = 1 << 14
    private var segments: [UnsafeMutableRawPointer] = []
    /// Bytes taken in the last segment.
    private var taken = segmentBytes

    /// An arena without a byte.
    package init() {}

    deinit {
        for segment in segments { segment.deallocate() }
    }

    /// Copies `text` in and says where it starts; nil when 32 bits cannot say it any more.
    package mutating func append(_ text: Span<UInt8>) -> UInt32? {
        guard let start = makeRoom(for: text.count) else { return nil }
        put(text)
        return start
    }

    /// The same with the length before it, which `withCounted` finds.
    package mutating func appendCounted(_ text: Span<UInt8>) -> UInt32? {
        guard text.count < 1 << 15, let start = makeRoom(for: text.count + 2) else { return nil }
        if text.count >= 0x80 { put(UInt8(text.count >> 8) | 0x80) }
        put(UInt8(truncatingIfNeeded: text.count))
        put(text)
        return start
    }

    /// Whether the stored bytes at `start` are `text`.
    package func holds(_ text: Span<UInt8>, at start: UInt32, length: Int) -> Bool {
        length == text.count && withBytes(at: start, length: length) { $0.isEqual(to: text) }
    }

    /// Lends the stored bytes.
    package func withBytes<Result>(at start: UInt32, length: Int, _ body: (Span<UInt8>) throws -> Result) rethrows
        -> Result
    {
        try body(UnsafeRawBufferPointer(start: address(start), count: length).bindMemory(to: UInt8.self).span)
    }

    /// Lends what `appendCounted` stored.
    package func withCounted<Result>(at start: UInt32, _ body: (Span<UInt8>) throws -> Result) rethrows -> Result {
        let address = address(start)
        let first = Int(address.load(as: UInt8.self))
        guard first >= 0x80 else { return try withBytes(at: start &+ 1, length: first, body) }
        let length = (first & 0x7F) << 8 | Int(address.load(fromByteOffset: 1, as: UInt8.self))
        return try withBytes(at: start &+ 2, length: length, body)
    }

    private func address(_ start: UInt32) -> UnsafeMutableRawPointer {
        segments[Int(start >> Self.segmentBits)] + (Int(start) & (Self.segmentBytes - 1))
    }

    private mutating func makeRoom(for count: Int) -> UInt32? {
        guard count <= Self.segmentBytes else { return nil }
        if taken + count > Self.segmentBytes {
            guard segments.count < Self.segmentLimit else { return nil }
            segments.append(UnsafeMutableRawPointer.allocate(byteCount: Self.segmentBytes, alignment: 8))
            taken = 0
        }
        return UInt32(segments.count - 1) << Self.segmentBits | UInt32(taken)
    }

    private mutating func put(_ byte: UInt8) {
        segments[segments.count - 1].storeBytes(of: byte, toByteOffset: taken, as: UInt8.self)
        taken += 1
    }

    private mutating func put(_ text: Span<UInt8>) {
        text.withUnsafeBytes { bytes in
            guard let source = bytes.baseAddress else { return }
            (segments[segments.count - 1] + taken).copyMemory(from: source, byteCount: bytes.count)
        }
        taken += text.count
    }
}

extension Array {
    /// Makes room by a quarter instead of doubling: at a million names the slack is what memory goes on.
    mutating func reserveForGrowth(by more: Int = 1) {
        guard count + more > capacity else { return }
        reserveCapacity(Swift.max(count + more, capacity + capacity / 4 + 16))
    }

    /// Appends, growing by a quarter.
    mutating func appendTightly(_ element: Element) {
        reserveForGrowth()
        append(element)
    }
}

extension Span<UInt8> {
    /// Whether both hold the same bytes.
    func isEqual(to other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        return withUnsafeBufferPointer { one in
            other.withUnsafeBufferPointer { other in
                guard let left = one.baseAddress, let right = other.baseAddress else { return true }
                return memcmp(left, right, one.count) == 0
            }
        }
    }
}
