/// The arguments of one command, where they stand. Borrowed: only to be used inside `CommandParser.withArguments`,
/// which is why it does not leave this module.
struct Arguments {
    private let bytes: UnsafeBufferPointer<UInt8>
    private let ranges: [Range<Int>]
    private let typedBytes: UnsafeBufferPointer<UInt8>
    private let typedRanges: [Range<Int>]

    init(bytes: UnsafeBufferPointer<UInt8>, ranges: [Range<Int>]) {
        self.init(bytes: bytes, ranges: ranges, typed: bytes, typedRanges: ranges)
    }

    init(
        bytes: UnsafeBufferPointer<UInt8>, ranges: [Range<Int>], typed: UnsafeBufferPointer<UInt8>,
        typedRanges: [Range<Int>]
    ) {
        (self.bytes, self.ranges, self.typedBytes, self.typedRanges) = (bytes, ranges, typed, typedRanges)
    }

    var count: Int { ranges.count }

    subscript(index: Int) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: bytes[ranges[index]])
    }

    /// The same arguments with the quotes and escapes that were typed around them; in arrays there are none.
    var asTyped: Arguments {
        Arguments(bytes: typedBytes, ranges: typedRanges)
    }

    /// Some of the arguments with one space between them.
    func joined(_ indices: Range<Int>) -> Bytes {
        if indices.count == 1 { return Bytes(self[indices.lowerBound]) }
        var text = Bytes()
        text.reserveCapacity(joinedCount(indices))
        for index in indices {
            if index > indices.lowerBound { text.append(UInt8(ascii: " ")) }
            text.append(contentsOf: self[index])
        }
        return text
    }

    /// How many bytes `joined` makes.
    func joinedCount(_ indices: Range<Int>) -> Int {
        indices.reduce(max(indices.count - 1, 0)) { $0 + ranges[$1].count }
    }
}
