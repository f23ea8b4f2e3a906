import P2PProtocol
import TestSupport
import Testing

/// Runs the examples of `docs/PROTOCOL.md`.
@Suite struct WireDocumentTests {
    /// A command of the page with the answer below it.
    struct Example: Sendable, CustomTestStringConvertible {
        let command: Bytes
        let answer: Bytes
        let testDescription: String
    }

    static let examples: [Example] = {
        let root = #filePath.replacing("Tests/P2PProtocolTests/Commands/WireDocumentTests.swift", with: "")
        let page = String(decoding: ScratchFolder.read(root + "docs/PROTOCOL.md") ?? [], as: UTF8.self)
        let lines = page.split(separator: "```resp\n").dropFirst().flatMap { block in
            block.split(separator: "\n").prefix { $0 != "```" }
        }
        return stride(from: 0, to: lines.count - 1, by: 2).map {
            Example(
                command: bytes(lines[$0], after: "> "), answer: bytes(lines[$0 + 1], after: "< "),
                testDescription: String(lines[$0]))
        }
    }()

    /// The bytes that a line of the page stands for; nothing when it does not begin as it should.
    private static func bytes(_ line: Substring, after mark: String) -> Bytes {
        guard line.hasPrefix(mark) else { return [] }
        var (bytes, rest) = (Bytes(), line.dropFirst(mark.count))
        while let character = rest.popFirst() {
            guard character == "\\" else {
                bytes += Bytes(character.utf8)
                continue
            }
            switch rest.popFirst() {
            case "r": bytes.append(13)
            case "n": bytes.append(10)
            case "x":
                bytes += Hex.decode(Bytes(rest.prefix(2).utf8)) ?? []
                rest = rest.dropFirst(2)
            case let other: bytes += other.map { Bytes($0.utf8) } ?? []
            }
        }
        return bytes
    }

    @Test("has examples of every command that is for peers")
    func pageIsThere() {
        #expect(Self.examples.count >= 40)
        let spoken = Set(Self.examples.compactMap { Command.read($0.command).command?.words.first })
        for name in [
            "REG", "UPD", "SEARCH", "SOURCES", "CHECK", "LIST", "PEERS", "BROWSE", "META", "SUBSCRIBE", "TICKET",
        ] {
            #expect(spoken.contains(Bytes(name.utf8)), "\(name)")
        }
    }

    @Test(
        "the page's commands are read, written and read again; the refused are refused in its words",
        arguments: examples)
    func command(example: Example) {
        switch Command.read(example.command) {
        case .success(let command):
            #expect(Command.sent(command.words).command == command)
            var writer = CommandWriter()
            writer.write(command)
            // A command that the page shows as an array is what our own peers send.
            let isOurs = example.command.first == UInt8(ascii: "*") && !example.command.ends(with: "FILES\r\n")
            if isOurs { #expect(writer.output.bytes == example.command) }
        case .failure(let error):
            var writer = ReplyWriter()
            writer.error(error)
            #expect(writer.output.bytes == example.answer)
        }
    }

    @Test("the page's answers are whole replies", arguments: examples)
    func answer(example: Example) {
        var parser = ReplyParser()
        guard case .reply(_, let consumed) = parser.next(in: example.answer.span) else {
            Issue.record("no reply")
            return
        }
        #expect(consumed == example.answer.count)
    }
}

extension Bytes {
    fileprivate func ends(with text: String) -> Bool { suffix(text.utf8.count).elementsEqual(text.utf8) }
}
