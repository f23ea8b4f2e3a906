import P2PProtocol
import P2PRuntime
import Peer
import Testing

@Suite struct DiagnosisTests {
    private static let folder = Bytes("/srv/music".utf8)
    private static let server = ServerAddress("10.0.0.2:8888")

    private static func facts(_ change: (inout Diagnosis.FolderFacts) -> Void) -> Diagnosis.FolderFacts {
        var facts = Diagnosis.FolderFacts()
        facts.freeBytes = 5 << 30
        change(&facts)
        return facts
    }

    @Test("a folder has to be there, readable, and where files are written also writable and not full")
    func folders() {
        let cases: [(Diagnosis.FolderFacts, Bool, Finding.Verdict)] = [
            (Self.facts { _ in }, true, .ok), (Self.facts { $0.isThere = false }, true, .ok),
            (Self.facts { $0.isThere = false }, false, .warn), (Self.facts { $0.isReadable = false }, false, .fail),
            (Self.facts { $0.isWritable = false }, true, .fail), (Self.facts { $0.isWritable = false }, false, .ok),
            (Self.facts { $0.freeBytes = 500 << 20 }, true, .warn), (Self.facts { $0.freeBytes = 0 }, true, .fail),
            (Self.facts { $0.freeBytes = 0 }, false, .ok), (Self.facts { $0.freeBytes = nil }, true, .ok),
        ]
        for (facts, writes, verdict) in cases {
            let finding = Diagnosis.folder("share", Self.folder, facts, writes: writes)
            #expect(finding.verdict == verdict && (finding.advice != nil) == (verdict != .ok), "\(finding)")
        }
    }

    @Test("a clock that is apart from a server's by more than half a minute is told, in either direction")
    func clocks() throws {
        let server = try #require(Self.server)
        for (seconds, verdict) in [(0, Finding.Verdict.ok), (29, .ok), (-29, .ok), (31, .warn), (-4_000, .warn)] {
            var facts = Diagnosis.ServerFacts()
            facts.clockAhead = .seconds(seconds)
            let findings = Diagnosis.server(server, facts)
            #expect(findings.map(\.verdict) == [.ok, verdict], "\(findings)")
        }
        var facts = Diagnosis.ServerFacts()
        facts.latency = .seconds(1)
        #expect(Diagnosis.server(server, facts).map(\.verdict) == [.warn])
    }

    @Test("whether others can get here, and what the kernel allows")
    func reachability() throws {
        let server = try #require(Self.server)
        let verdicts = [true, false, nil].map { Diagnosis.reachability($0, at: server, port: 6699).verdict }
        #expect(verdicts == [.ok, .fail, .warn])
        #expect(Diagnosis.machine(watches: 8_192, descriptors: 1_024).map(\.verdict) == [.warn, .warn])
        #expect(Diagnosis.machine(watches: nil, descriptors: 20_000).map(\.verdict) == [.ok])
    }
}
