/// Writes commands as a client sends them: arrays of bulk strings, one after the other.
package struct CommandWriter: Sendable {
    /// What has been written and waits to be sent.
    package var output = OutputBuffer()

    package init() {}

    /// One command, its name first.
    package mutating func write(_ words: [Bytes]) {
        output.append(header: UInt8(ascii: "*"), words.count)
        for word in words { word.withUnsafeBufferPointer { output.append(bulk: $0) } }
    }

    /// One command of ours.
    package mutating func write(_ command: Command) {
        write(command.words)
    }
}
