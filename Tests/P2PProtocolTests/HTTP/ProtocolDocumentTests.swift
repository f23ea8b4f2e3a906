import P2PProtocol
import TestSupport
import Testing

/// Runs the examples of `docs/PROTOCOL-HTTP.md` against a share of one file.
@Suite struct ProtocolDocumentTests {
    static let name = Bytes(ascii: "hello.txt")
    static let size = 11

    /// A request of the page, and the lines that its answer must have.
    struct Example: Sendable, CustomTestStringConvertible {
        let request: [Substring]
        let answer: [Substring]
        var testDescription: String { String(request.first ?? "") + " → " + (answer.first ?? "") }
    }

    static let examples: [Example] = {
        let page = #filePath.replacing("Tests/P2PProtocolTests/HTTP/ProtocolDocumentTests.swift", with: "")
        let text = String(decoding: ScratchFolder.read(page + "docs/PROTOCOL-HTTP.md") ?? [], as: UTF8.self)
        let blocks = text.split(separator: "```http\n").dropFirst().map { block in
            block.split(separator: "\n", omittingEmptySubsequences: false).prefix { $0 != "```" }.map { $0 }
        }
        return stride(from: 0, to: blocks.count - 1, by: 2).map {
            Example(request: blocks[$0], answer: blocks[$0 + 1])
        }
    }()

    @Test("has examples")
    func pageIsThere() {
        #expect(Self.examples.count >= 10)
    }

    @Test("answers as the page says", arguments: examples)
    func example(example: Example) {
        let request = example.request.joined(separator: "\r\n") + "\r\n\r\n"
        let answer = String(decoding: Self.answer(to: HeadFeeding.request(request)), as: UTF8.self)
        let lines = answer.split(separator: "\r\n")
        #expect(lines.first == example.answer.first)
        for line in example.answer { #expect(lines.contains(line)) }
    }

    private static func answer(to step: HeadStep<RequestHead>) -> Bytes {
        switch step {
        case .needMore: return []
        case .failed(let fault): return fault.response
        case .head(let request, _): return answer(to: request)
        }
    }

    private static func answer(to request: RequestHead) -> Bytes {
        switch PeerRoute.find(request) {
        case .found(.content(let root, _)):
            let decision = ContentDecision.decide(request, size: size, tag: EntityTag(root))
            return decision.responseHead(root: root, size: size, name: name).bytes
        case .refused(let status, let allow):
            var head = ResponseHead(status)
            if let allow { head.fields.append("Allow", Bytes(allow.utf8)) }
            return head.bytes
        case .found: return []
        }
    }
}
