internal import P2PProtocol
internal import P2PRuntime

/// What a session sends, and what waits until the other side takes it.
extension Session {
    /// A reader takes so much of what waits for it, or all, within the configured patience: who takes a byte now and
    /// then holds memory as long as who takes none.
    private static let progressBytes = 64 << 10

    /// Borrows the loop's output buffer for a turn, unless replies wait in one of its own.
    func borrowOutput() {
        guard writer.output.isEmpty else { return }
        swap(&writer.output, &stream.loop.scratch.output)
        stream.loop.scratch.output = OutputBuffer()
    }

    /// Returns it. What waits for a slow reader stays in a buffer of its own, of no more room than it needs.
    func returnOutput() {
        guard writer.output.isEmpty || writer.output.isRoomy else { return }
        var own = writer.output.tight
        swap(&writer.output, &own)
        own.drop(own.count)
        if stream.loop.scratch.output.roomBytes == 0 { stream.loop.scratch.output = own }
    }

    /// Sends what the kernel takes; false when the connection is lost.
    func flush() -> Bool {
        while !writer.output.isEmpty {
            switch writer.output.withUnsafeBytes({ stream.send($0) }) {
            case .done(let count):
                writer.output.drop(count)
                takenBytes += count
            case .wouldBlock:
                if !isReaderBehind || takenBytes >= Self.progressBytes { (lastProgress, takenBytes) = (now, 0) }
                isReaderBehind = true
                return true
            case .failed: return false
            }
        }
        (isReaderBehind, takenBytes) = (false, 0)
        return true
    }

    /// Counts what waits for a slow reader, and for the rest of a command; false when it is more than may wait.
    func countWaiting() -> Bool {
        // A command begins anywhere in what is read at a time: so much is not worth counting.
        let input = pending.capacity <= 2 * Self.turnBytes ? 0 : pending.capacity
        let room = input + (writer.output.isEmpty ? 0 : writer.output.roomBytes)
        guard room > 0 || handle.waitingBytes > 0 else { return true }
        guard writer.output.count <= server.limits.outputCeiling else {
            hit(.outputBytes)
            return false
        }
        guard let evicted = server.waiting.count(room, for: handle, among: server.sessions) else { return true }
        server.limitLog.note(.outputTotal, by: evicted.remote)
        return evicted !== handle
    }

    /// Messages for a reader who is behind stay in the handle, where they are counted.
    func deliverLetters() {
        hasLettersLeft = writer.output.count >= server.limits.outputHighWater
        guard !hasLettersLeft else { return }
        for letter in handle.takeLetters() {
            switch letter {
            case .message(let channel, let payload): writeMessage(channel, payload)
            case .close(let error): fail(.init(error.message, prefix: error.prefix, consequence: .hangUp))
            case .overflow:
                hit(.messages)
                fail(.fatal("too many messages wait for this connection to read"))
            }
        }
    }
}
