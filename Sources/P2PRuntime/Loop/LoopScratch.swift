package import P2PProtocol

/// The buffers that the connections of one loop share. They are valid between two suspensions: whoever has bytes left
/// over keeps them in a buffer of its own.
package final class LoopScratch {
    /// Big enough that a batch of pipelined commands or a file chunk is one system call.
    package static let inputCount = 256 << 10

    package let input: UnsafeMutableRawBufferPointer
    /// Lent to whoever writes a batch of replies, by swapping it with an empty one.
    package var output = OutputBuffer(reserving: 64 << 10)

    init() {
        input = .allocate(byteCount: Self.inputCount, alignment: 64)
    }

    deinit {
        input.deallocate()
    }
}
