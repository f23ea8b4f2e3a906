internal import P2PProtocol
internal import P2PRuntime

/// `peer hash FILE…` and `peer link FILE`: what files are, without asking anybody.
struct FileCommand {
    let files: [Bytes]
    let isJSON: Bool

    /// Prints `ROOT  SIZE  FILE` for each, or an object a line.
    func hash() async throws -> ExitCode {
        let display = ProgressDisplay(Bytes(ascii: "hashing"))
        defer { display.finish() }
        var progress: (@Sendable (HashProgress) -> Void)?
        if StandardError.isTerminal { progress = { display.show(done: $0.bytes, of: $0.totalBytes) } }
        let isComplete = try await HashCommand.run(
            files, threads: Process.usableProcessors, progress: progress,
            print: { lines in
                print(isJSON ? lines.map { JSON.object(Self.members(of: $0)).encoded() } : lines)
            },
            complain: { error in complain("\(error)") })
        return isComplete ? .done : .failed
    }

    /// Prints `rookery:ROOT`, by which anybody can fetch the file.
    func link() async throws -> ExitCode {
        guard let file = files.first else { return .misuse }
        do throws(SystemError) {
            let line = try HashCommand.line(for: file)
            let link = Bytes(ascii: "rookery:") + line.prefix(Digest.hexCount)
            let members = [JSON.Member("link", .string(link))] + Self.members(of: line)
            print([isJSON ? JSON.object(members).encoded() : link])
            return .done
        } catch {
            complain("\(error)")
            return .failed
        }
    }

    private func print(_ lines: [Bytes]) {
        StandardOutput.write(Bytes(lines.map { $0 + [UInt8(ascii: "\n")] }.joined()))
    }

    /// The parts of `ROOT  SIZE  FILE`.
    static func members(of line: Bytes) -> [JSON.Member] {
        let rest = line.dropFirst(Digest.hexCount + 2)
        let digits = rest.prefix { $0 != UInt8(ascii: " ") }
        return [
            JSON.Member("root", .string(Bytes(line.prefix(Digest.hexCount)))),
            JSON.Member("size", .optional(Decimal.parse(digits))),
        ] + JSON.members(name: Bytes(rest.dropFirst(digits.count + 2)), key: "file")
    }
}
