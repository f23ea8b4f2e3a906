import Glibc
import P2PProtocol
import TestSupport
import Testing

/// Sources that do not give what they say they have.
@Suite struct PeerLiarTests {
    private static let song = Noise.bytes((3 << 20) + 11, seed: 1)

    /// What such a source does, and what the user is told of it.
    struct Case: Sendable, CustomTestStringConvertible {
        let manner: ScriptedSource.Manner
        let told: String
        var testDescription: String { "\(manner)" }
    }

    static let cases = [
        Case(manner: .lying(from: 0), told: "sent wrong data (piece"),
        Case(manner: .lying(from: (2 << 20) + 5), told: "sent wrong data (piece"),
        Case(manner: .foreignPieces, told: "sent wrong data"),
        Case(manner: .cutting(after: 5), told: "closed before the end"),
        Case(manner: .compressing, told: "sent wrong data"), Case(manner: .redirecting, told: "refused"),
        Case(manner: .refusing, told: "no longer has it"),
    ]

    @Test(
        "[attack A33] a source that proves its port and then lies is named, and no file comes of it [attack A43h]",
        arguments: cases)
    func alone(entry: Case) throws {
        let scratch = try ScratchFolder()
        let index = try IndexFixture()
        let liar = try ScriptedSource(entry.manner, [.init("song.bin", Self.song)], at: index)
        let result = try PeerFixture.run(["get", "song.bin", "--json"], at: [index], in: scratch.file("you"))
        #expect(result.code == 1)
        #expect(result.complaints.contains("peer \(liar.id) at 127.0.0.1:"), "\(result.complaints)")
        #expect(result.complaints.contains(entry.told), "\(result.complaints)")
        #expect(try JSON.parse(Bytes(result.text.utf8))["files"]?.array?.count == 0)
        #expect(Self.finished(in: scratch.file("you")).isEmpty)
        // The index is not told of what did not arrive.
        try index.expectHolders([liar.id], of: "song.bin")
        try index.stop()
    }

    @Test("with an honest source beside it the download succeeds, whoever is asked first", arguments: cases)
    func besideAnHonestOne(entry: Case) throws {
        let scratch = try ScratchFolder()
        let index = try IndexFixture()
        let file = ScriptedSource.File("song.bin", Self.song)
        let sources = [
            try ScriptedSource(entry.manner, [file], at: index), try ScriptedSource(.honest, [file], at: index),
            try ScriptedSource(entry.manner, [file], at: index),
        ]
        let result = try PeerFixture.run(["get", "song.bin"], at: [index], in: scratch.file("you"))
        #expect(result.code == 0, "\(result.complaints)")
        #expect(result.text == scratch.file("you/song.bin\n"))
        #expect(ScratchFolder.root(of: scratch.file("you/song.bin")) == Self.song.contentRoot)
        #expect(Self.finished(in: scratch.file("you")) == ["song.bin"])
        withExtendedLifetime(sources) {}
        try index.stop()
    }

    /// Everything but the state and unfinished downloads.
    private static func finished(in folder: String) -> [String] {
        ScratchFolder.list(folder).filter { $0 != ".rookery" && !$0.hasSuffix(".part") && !$0.hasSuffix(".journal") }
    }
}
