import P2PProtocol

extension Command {
    /// The first command of some bytes, as an index reads it; the error where it is none.
    static func read(_ bytes: Bytes, limits: Limits = .standard) -> Result<Command, WireError> {
        var parser = CommandParser(limits: limits)
        switch parser.next(in: bytes.span) {
        case .command:
            do throws(WireError) {
                return .success(try parse(parser, in: bytes.span))
            } catch {
                return .failure(error)
            }
        case .failed(let error): return .failure(error)
        case .needMore, .blank: return .failure(WireError("no command"))
        }
    }

    /// The command that somebody types.
    static func typed(_ line: String) -> Result<Command, WireError> {
        read(Bytes((line + "\r\n").utf8))
    }

    /// The command that a client sends as an array.
    static func sent(_ words: [String]) -> Result<Command, WireError> {
        sent(words.map { Bytes($0.utf8) })
    }

    static func sent(_ words: [Bytes]) -> Result<Command, WireError> {
        var writer = CommandWriter()
        writer.write(words)
        return read(writer.output.bytes)
    }
}

extension Result where Success == Command, Failure == WireError {
    var command: Command? { try? get() }

    /// The error as it goes over the wire, without its dash.
    var error: String? {
        if case .failure(let error) = self { "\(error.prefix) \(error.message)" } else { nil }
    }
}

extension Name {
    /// A name that a test knows to be one.
    static func known(_ text: String) throws -> Name { try Name(Bytes(text.utf8)) }
}
