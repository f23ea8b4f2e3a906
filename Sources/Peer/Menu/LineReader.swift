internal import Glibc
package import P2PProtocol
package import P2PRuntime
internal import Synchronization

/// Lines of an input, read on a thread of its own only when one is asked for, so that whoever waits for a person
/// blocks nobody else.
package final class LineReader: Sendable {
    /// A line longer than this is cut: no title is that long.
    private static let longest = 64 << 10

    private let descriptor: Int32
    private let buffered = Mutex(Bytes())
    private let thread = WorkerPool(name: "input", threads: 1)

    /// Reads from somebody else's descriptor.
    package init(descriptor: Int32 = STDIN_FILENO) {
        self.descriptor = descriptor
    }

    deinit {
        thread.close()
    }

    /// The next line as it was typed, without its end; nil at the end of input.
    package func next() async -> Bytes? {
        (try? await thread.run { self.read() }) ?? nil
    }

    /// Whether a person types the lines.
    package var isTerminal: Bool { isatty(descriptor) == 1 }

    private func read() -> Bytes? {
        buffered.withLock { buffered in
            while true {
                if let end = buffered.firstIndex(of: UInt8(ascii: "\n")) {
                    defer { buffered.removeFirst(end + 1) }
                    return Bytes(buffered[..<min(end, Self.longest)])
                }
                guard fill(&buffered) else {
                    defer { buffered = [] }
                    return buffered.isEmpty ? nil : buffered
                }
            }
        }
    }

    /// Reads some more; false at the end.
    private func fill(_ buffered: inout Bytes) -> Bool {
        var piece = Bytes(repeating: 0, count: 4_096)
        while true {
            let count = Glibc.read(descriptor, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN {
                var question = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                poll(&question, 1, -1)
                continue
            }
            guard count > 0 else { return false }
            let end = piece[..<count].firstIndex(of: UInt8(ascii: "\n"))
            // Of a line that goes on for ever only its beginning is kept.
            let isTooLong = buffered.count > Self.longest
            buffered += isTooLong ? piece[(end ?? count)..<count] : piece[..<count]
            return true
        }
    }

    // MARK: A person

    /// Asks for a line. On a terminal it can be changed while it is typed, earlier ones called up, and what has been
    /// typed be completed.
    package func ask(
        _ prompt: String, after earlier: [Bytes] = [],
        suggest: @Sendable (Bytes) async -> [LineEditor.Suggestion] = { _ in [] }
    ) async -> Bytes? {
        guard isTerminal, StandardOutput.isTerminal, StandardError.isTerminal,
            TerminalStyle.canMoveCursor(), Terminal.takeKeys(descriptor)
        else {
            StandardOutput.write(prompt)
            return await next()
        }
        defer { Terminal.giveKeysBack() }
        let line = await edit(LineEditor(after: earlier), prompt, suggest)
        StatusLine.clear()
        StandardOutput.write("\(prompt)\(display(line ?? []))\n")
        return line
    }

    private func edit(
        _ fresh: LineEditor, _ prompt: String, _ suggest: (Bytes) async -> [LineEditor.Suggestion]
    ) async -> Bytes? {
        var (editor, keys) = (fresh, KeyReader())
        while true {
            StatusLine.show(editor.drawing(after: prompt, width: Terminal.width(STDERR_FILENO) ?? 80))
            guard let bytes = (try? await thread.run { self.keys() }) ?? nil else { return nil }
            for (index, byte) in bytes.enumerated() {
                guard let key = keys.take(byte) else { continue }
                switch editor.take(key) {
                case .edited: break
                case .finished(let line):
                    keep(bytes[(index + 1)...])
                    return line
                case .ended: return nil
                case .clearScreen: StandardOutput.write("\u{1B}[H\u{1B}[2J")
                case .wantsSuggestions(let text):
                    let choices = editor.complete(await suggest(text))
                    StandardOutput.write(choices.map { "\(display($0, width: 76))\n" }.joined())
                }
            }
        }
    }

    /// What has been typed, as soon as there is something; nil at the end of input.
    private func keys() -> Bytes? {
        buffered.withLock { buffered in
            // The shell may have taken the keys while the program was stopped.
            guard !buffered.isEmpty || (Terminal.takeKeys(descriptor) && fill(&buffered)) else { return nil }
            defer { buffered = [] }
            return buffered
        }
    }

    /// What was typed behind a line is for the next.
    private func keep(_ rest: ArraySlice<UInt8>) {
        buffered.withLock { $0 = rest + $0 }
    }
}
