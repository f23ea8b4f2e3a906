/// The read buffer that the connections of one loop share. It is valid between two suspensions: whoever has bytes
/// left over copies them into a buffer of its own.
package final class LoopScratch {
    /// Big enough that a batch of pipelined commands or a file chunk is one system call.
    package static let inputCount = 256 << 10

    package let input: UnsafeMutableRawBufferPointer

    init() {
        input = .allocate(byteCount: Self.inputCount, alignment: 64)
    }

    deinit {
        input.deallocate()
    }
}
