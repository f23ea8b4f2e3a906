/// Bytes on their way out: appended at the end, sent from the front.
///
/// The array's count is the room, `start..<end` is what waits: an append is one check for room and one copy, where
/// `Array.append` would cost several times that for each of the many short pieces of a reply.
package struct OutputBuffer: Sendable {
    /// Room that an empty buffer keeps; what a large reply took beyond it is given back.
    private static let keptBytes = 512 << 10
    /// Room for a type byte, the digits of any number and the end of the line.
    private static let headerBytes = 24
    /// The least room that is made.
    private static let minimumBytes = 512

    private var storage: Bytes
    private var start = 0
    private var end = 0

    package init(reserving capacity: Int = 0) {
        storage = Bytes(repeating: 0, count: capacity)
    }

    /// Bytes that wait.
    package var count: Int { end - start }
    package var isEmpty: Bool { start == end }

    /// A copy of the bytes that wait.
    package var bytes: Bytes { Bytes(storage[start..<end]) }

    /// What it takes up, however few bytes wait in it.
    package var roomBytes: Int { storage.count }

    /// Whether it takes up much more than what waits in it.
    package var isRoomy: Bool { storage.count > count + count / 4 + Self.minimumBytes }

    /// What waits, in no more room than it needs.
    package var tight: OutputBuffer {
        var copy = OutputBuffer()
        copy.storage = bytes
        copy.end = count
        return copy
    }

    /// The bytes that wait, for one call of the kernel.
    package func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try storage.withUnsafeBufferPointer { (all) throws(Failure) -> Result in
            try body(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: all[start..<end])))
        }
    }

    /// Forgets bytes at the front that have been sent.
    package mutating func drop(_ count: Int) {
        start += min(max(count, 0), self.count)
        guard start == end else { return }
        (start, end) = (0, 0)
        if storage.count > Self.keptBytes { storage = [] }
    }

    // MARK: Appending

    package mutating func append(_ byte: UInt8) {
        write(atMost: 1) { room in
            room[0] = byte
            return 1
        }
    }

    package mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        write(atMost: bytes.count) { Self.copy(bytes, to: $0) }
    }

    package mutating func append(_ bytes: Span<UInt8>) {
        bytes.withUnsafeBufferPointer { append($0) }
    }

    package mutating func append(_ bytes: Bytes) {
        bytes.withUnsafeBufferPointer { append($0) }
    }

    package mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { append($0) }
    }

    /// A type byte, a number and the end of the line: `$5`, `*2`, `:-7`.
    package mutating func append(header type: UInt8, _ value: Int) {
        write(atMost: Self.headerBytes) { Self.header(type, value, to: $0) }
    }

    /// A bulk string, header and line end included.
    package mutating func append(bulk bytes: UnsafeBufferPointer<UInt8>) {
        write(atMost: bytes.count + Self.headerBytes + 2) { room in
            let header = Self.header(UInt8(ascii: "$"), bytes.count, to: room)
            let end = header + Self.copy(bytes, to: room + header)
            return end + Self.lineEnd(to: room + end)
        }
    }

    /// The 64 hex digits of a digest, without an array in between.
    package mutating func append(hex digest: Digest) {
        let words = digest.words
        write(atMost: Digest.hexCount) { room in
            Self.hex(words.0, to: room)
            Self.hex(words.1, to: room + 16)
            Self.hex(words.2, to: room + 32)
            Self.hex(words.3, to: room + 48)
            return Digest.hexCount
        }
    }

    package mutating func appendLineEnd() {
        write(atMost: 2) { Self.lineEnd(to: $0) }
    }

    /// Makes room for `most` bytes, of which `body` writes as many as it says.
    @inline(__always)
    private mutating func write(atMost most: Int, _ body: (UnsafeMutablePointer<UInt8>) -> Int) {
        if storage.count - end < most { grow(by: most) }
        // SAFETY: `grow` has left `most` bytes after `end`; every caller writes at most that many.
        storage.withUnsafeMutableBufferPointer { all in
            if let base = all.baseAddress { end += body(base + end) }
        }
    }

    @inline(never)
    private mutating func grow(by most: Int) {
        let waiting = count
        let room = max(waiting + most, (storage.count - start) * 2, Self.minimumBytes)
        storage = Bytes(unsafeUninitializedCapacity: room) { fresh, initialized in
            let end = fresh.initialize(fromContentsOf: storage[start..<end])
            fresh[end...].initialize(repeating: 0)
            initialized = room
        }
        (start, end) = (0, waiting)
    }
}

extension OutputBuffer {
    private static func copy(_ bytes: UnsafeBufferPointer<UInt8>, to room: UnsafeMutablePointer<UInt8>) -> Int {
        if let source = bytes.baseAddress { room.update(from: source, count: bytes.count) }
        return bytes.count
    }

    private static func lineEnd(to room: UnsafeMutablePointer<UInt8>) -> Int {
        room[0] = UInt8(ascii: "\r")
        room[1] = UInt8(ascii: "\n")
        return 2
    }

    private static func header(_ type: UInt8, _ value: Int, to room: UnsafeMutablePointer<UInt8>) -> Int {
        room[0] = type
        var index = 1
        if value < 0 {
            room[1] = UInt8(ascii: "-")
            index = 2
        }
        index += digits(value.magnitude, to: room + index)
        return index + lineEnd(to: room + index)
    }

    private static func digits(_ value: UInt, to room: UnsafeMutablePointer<UInt8>) -> Int {
        guard value >= 10 else {
            room[0] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value)
            return 1
        }
        var (count, power) = (1, value)
        while power >= 10 {
            power /= 10
            count += 1
        }
        var rest = value
        for index in stride(from: count - 1, through: 0, by: -1) {
            room[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        return count
    }

    private static func hex(_ word: UInt64, to room: UnsafeMutablePointer<UInt8>) {
        for index in 0..<16 {
            let nibble = UInt8(truncatingIfNeeded: word >> UInt64(60 - index * 4)) & 15
            room[index] = nibble &+ (nibble < 10 ? 48 : 87)
        }
    }
}
