/// Bytes on their way out: appended at the end, sent from the front.
package struct OutputBuffer: Sendable {
    /// Room that an empty buffer keeps; what a large reply took beyond it is given back.
    private static let keptBytes = 64 << 10

    private var storage: Bytes
    private var sent = 0

    package init(reserving capacity: Int = 0) {
        storage = []
        storage.reserveCapacity(capacity)
    }

    /// Bytes that wait.
    package var count: Int { storage.count - sent }
    package var isEmpty: Bool { count == 0 }

    /// A copy of the bytes that wait.
    package var bytes: Bytes { Bytes(storage[sent...]) }

    /// The bytes that wait, for one call of the kernel.
    package func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try storage.withUnsafeBufferPointer { (all) throws(Failure) -> Result in
            try body(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: all[sent...])))
        }
    }

    /// Forgets bytes at the front that have been sent.
    package mutating func drop(_ count: Int) {
        sent += min(max(count, 0), self.count)
        if sent == storage.count {
            storage.removeAll(keepingCapacity: storage.capacity <= Self.keptBytes)
            sent = 0
        } else if sent >= Self.keptBytes, sent >= storage.count / 2 {
            storage.removeSubrange(..<sent)
            sent = 0
        }
    }

    package mutating func append(_ byte: UInt8) {
        storage.append(byte)
    }

    package mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        storage.append(contentsOf: bytes)
    }

    package mutating func append(_ bytes: Span<UInt8>) {
        bytes.withUnsafeBufferPointer { append($0) }
    }

    package mutating func append(_ bytes: Bytes) {
        storage.append(contentsOf: bytes)
    }

    package mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { append($0) }
    }

    /// A type byte, a number and the end of the line: `$5`, `*2`, `:-7`.
    package mutating func append(header type: UInt8, _ value: Int) {
        storage.append(type)
        storage.append(decimal: value)
        appendLineEnd()
    }

    /// A bulk string, header and line end included.
    package mutating func append(bulk bytes: UnsafeBufferPointer<UInt8>) {
        append(header: UInt8(ascii: "$"), bytes.count)
        append(bytes)
        appendLineEnd()
    }

    /// The 64 hex digits of a digest, without an array in between.
    package mutating func append(hex digest: Digest) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Digest.hexCount) { text in
            var index = 0
            func write(_ word: UInt64) {
                for shift in stride(from: 60, through: 0, by: -4) {
                    let nibble = UInt8(truncatingIfNeeded: word >> UInt64(shift)) & 15
                    text[index] = nibble + (nibble < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10)
                    index += 1
                }
            }
            let words = digest.words
            write(words.0)
            write(words.1)
            write(words.2)
            write(words.3)
            append(UnsafeBufferPointer(text))
        }
    }

    package mutating func appendLineEnd() {
        storage.append(UInt8(ascii: "\r"))
        storage.append(UInt8(ascii: "\n"))
    }
}
