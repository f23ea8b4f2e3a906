import P2PProtocol
import TestSupport
import Testing

/// Runs the examples of the index's JSON in `docs/PROTOCOL-HTTP.md`.
@Suite struct IndexAPIDocumentTests {
    @Test("answers as the page says")
    func examples() throws {
        let root = #filePath.replacing("Tests/IntegrationTests/Index/IndexAPIDocumentTests.swift", with: "")
        let page = String(decoding: ScratchFolder.read(root + "docs/PROTOCOL-HTTP.md") ?? [], as: UTF8.self)
        let blocks = page.split(separator: "```api\n").dropFirst().map { $0.split(separator: "\n").prefix(2) }
        #expect(blocks.count >= 5)
        try IndexFixture.run { index in
            let peer = try index.sharer(["music/Calm Sea.mp3", "music/storm.mp3", "read me"])
            for lines in blocks {
                let request = lines[0].split(separator: " ")
                let answer = try IndexAPITests.ask(index, String(request[1]), method: String(request[0]))
                let text = "\(answer.status) \(String(decoding: answer.body, as: UTF8.self))"
                #expect(text == lines[1], "\(lines[0])")
            }
            withExtendedLifetime(peer) {}
        }
    }
}
