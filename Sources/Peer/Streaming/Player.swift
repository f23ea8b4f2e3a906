internal import P2PProtocol
internal import P2PRuntime

/// A program that plays what lies at a URL, such as `mpv`, with its own arguments in front.
struct Player: Sendable {
    private let words: [Bytes]

    /// As the command line names it: words with blanks between, which no shell reads.
    init(_ text: Bytes) throws(Misuse) {
        words = text.split(separator: UInt8(ascii: " ")).map { Bytes($0) }
        guard !words.isEmpty else { throw Misuse("--player needs a program, such as mpv") }
    }

    /// Plays until it ends, or cannot be started; the address is its last argument.
    func play(_ url: Bytes) async throws -> ExitCode {
        let program: ChildProgram
        do throws(SystemError) {
            program = try ChildProgram(words + [url])
        } catch {
            throw PeerFailure("cannot start \(display(words.first ?? [])): \(error.reason)")
        }
        let pool = WorkerPool(name: "player", threads: 1)
        defer { pool.close() }
        let code = try await pool.run { program.wait() }
        guard code != 0 else { return .done }
        complain("\(display(words.first ?? [])) ended with \(code)")
        return .failed
    }
}
