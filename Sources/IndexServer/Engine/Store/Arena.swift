internal import Glibc
internal import P2PProtocol

/// Bytes end to end in one array: what is kept of a name or a word is where it starts and how long it is.
struct Arena {
    private(set) var bytes = Bytes()

    /// Copies `text` in and says where it starts; nil when 32 bits cannot say it any more.
    mutating func append(_ text: Span<UInt8>) -> UInt32? {
        guard let start = UInt32(exactly: bytes.count) else { return nil }
        bytes.reserveForGrowth(by: text.count)
        text.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
        return start
    }

    /// Whether the stored bytes at `start` are `text`.
    func holds(_ text: Span<UInt8>, at start: UInt32, length: Int) -> Bool {
        guard length == text.count else { return false }
        return bytes.span.extracting(Int(start)..<Int(start) + length).isEqual(to: text)
    }

    /// Lends the stored bytes.
    func withBytes<Result>(at start: UInt32, length: Int, _ body: (Span<UInt8>) throws -> Result) rethrows -> Result {
        try body(bytes.span.extracting(Int(start)..<Int(start) + length))
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
