import TestSupport
import Testing

/// The tables of events in docs/OPERATIONS.md against what the programs log.
@Suite struct LogEventsTests {
    private static let root = #filePath.split(separator: "/").dropLast(4).map { "/\($0)" }.joined()

    @Test("docs/OPERATIONS.md says what every event in the log means, and of no other")
    func events() throws {
        let logged = Self.events(below: "\(Self.root)/Sources")
        let page = String(decoding: ScratchFolder.read("\(Self.root)/docs/OPERATIONS.md") ?? [], as: UTF8.self)
        let start = try #require(page.firstRange(of: "\n## Logs\n")).upperBound
        let end = try #require(page.firstRange(of: "\n## Limits\n")).lowerBound
        let rows = page[start..<end].split(separator: "\n").filter { $0.hasPrefix("| `") }
        let described = rows.flatMap { row in
            row.dropFirst(2).prefix { $0 != "|" }.matches(of: #/`([a-z]+\.[a-z_]+)`/#).map { String($0.1) }
        }
        #expect(logged.count > 30)
        #expect(logged.subtracting(described).sorted() == [])
        #expect(Set(described).subtracting(logged).sorted() == [])
    }

    /// The events in the calls of the log, up to their fields.
    private static func events(below folder: String) -> Set<String> {
        var events: Set<String> = []
        for name in ScratchFolder.list(folder) {
            guard name.hasSuffix(".swift") else {
                events.formUnion(Self.events(below: "\(folder)/\(name)"))
                continue
            }
            let text = String(decoding: ScratchFolder.read("\(folder)/\(name)") ?? [], as: UTF8.self)
            let calls = #/(?:log\.(?:log|error|warning|notice|info|debug)|LogLine\.render)\(([^\[\)]*)/#
            for call in text.matches(of: calls) {
                for event in call.1.matches(of: #/"([a-z]+\.[a-z_]+)"/#) { events.insert(String(event.1)) }
            }
        }
        return events
    }
}
