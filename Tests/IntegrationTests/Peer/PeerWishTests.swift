import Glibc
import P2PProtocol
import TestSupport
import Testing

/// Waiting for what is not there yet.
@Suite struct PeerWishTests {
    private static let song = Noise.bytes(2 << 20, seed: 81)
    private static let other = Noise.bytes(3_000, seed: 82)

    @Test("a wish is told when it comes true, and fetched if it is to be; also what came while the server was away")
    func wish() throws {
        let scene = try TransferScene()
        #expect(try scene.run("wish", "add", "calm", "sea").contains("tell  calm sea\n"))
        let daemon = try scene.daemon()
        #expect(
            try scene.run("wish", "add", "storm", "--get", "--json").contains(#""number":2,"query":"storm","get":true"#)
        )
        try scene.index.wait(for: "INFO") {
            String(decoding: $0.bytes ?? [], as: UTF8.self).contains("pubsub_channels:1")
        }
        let calm = try ScriptedSource(.honest, [.init("calm sea.bin", Self.other)], at: scene.index)
        try daemon.process.expect(
            "wish 1: calm sea.bin is there (2.9 KiB); peer get rookery:\(Self.other.contentRoot)\n")
        let storm = try ScriptedSource(.honest, [.init("the storm.bin", Self.song)], at: scene.index)
        try daemon.process.expect("wish 2: the storm.bin is there (2.0 MiB); it is being fetched\n")
        try scene.wait(for: "done", of: "the storm.bin")
        #expect(ScratchFolder.root(of: scene.file("the storm.bin")) == Self.song.contentRoot)
        // Nobody is told twice, and what is here is no news.
        try storm.quit()
        try calm.quit()
        let again = try ScriptedSource(
            .honest, [.init("calm sea 2.bin", Self.other), .init("storm.bin", Self.song)], at: scene.index)
        let third = try ScriptedSource(
            .honest, [.init("a calm sea, another one.bin", Noise.bytes(7, seed: 83))], at: scene.index)
        try daemon.process.expect("wish 1: a calm sea, another one.bin is there (7 B)")
        #expect(daemon.process.text.parts(between: "wish ").count == 1 + 3)
        try scene.index.kill()
        let index = try IndexFixture(["--port", "\(scene.index.port)"], scratch: scene.index.scratch)
        let late = try ScriptedSource(
            .honest, [.init("calm sea 2.bin", Self.other), .init("sea, calm.bin", Noise.bytes(8, seed: 84))], at: index)
        try daemon.process.expect("wish 1: sea, calm.bin is there (8 B)")
        #expect(daemon.process.text.parts(between: "wish ").count == 1 + 4)
        #expect(try scene.run("wish", "remove", "1") != "")
        try scene.run("wish", "remove", "1", code: 2)
        #expect(try scene.run("wish", "list").contains("get   storm\n"))
        try daemon.stop()
        withExtendedLifetime((again, third, late)) {}
        try index.stop()
    }

    @Test("a file whose holders are all away can be ordered, and comes as soon as one of them is back")
    func away() throws {
        let scene = try TransferScene()
        let first = try ScriptedSource(.honest, [.init("song.bin", Self.song)], at: scene.index)
        try first.quit()
        let alone = try PeerFixture.run(["get", "song.bin"], at: [scene.index], in: scene.folder)
        #expect(alone.code == 2 && alone.complaints.contains("whoever has it is away"))
        let daemon = try scene.daemon()
        let get = try scene.order("song.bin")
        try get.expect("whoever has it is away", onError: true)
        try scene.wait(for: "waiting", of: "song.bin")
        let back = try ScriptedSource(.honest, [.init("under another name.bin", Self.song)], at: scene.index)
        #expect(try get.exitCode() == 0, "\(get.errorText)")
        #expect(ScratchFolder.root(of: scene.file("song.bin")) == Self.song.contentRoot)
        try daemon.stop()
        withExtendedLifetime(back) {}
        try scene.index.stop()
    }

    @Test("the menu shows the wishes, and takes new ones")
    func menu() throws {
        let scene = try TransferScene()
        let menu = try PeerFixture.menu(at: scene.index, in: scene.folder)
        #expect(try menu.answer(to: "wish") == "nothing is wished for\n")
        #expect(try menu.answer(to: "wish add calm sea --get").hasSuffix("1  get   calm sea\n"))
        #expect(try menu.answer(to: "wish remove x").contains("wish remove needs a number"))
        #expect(try menu.answer(to: "wish remove 1") == "nothing is wished for\n")
        try menu.stop()
        try scene.index.stop()
    }
}

extension String {
    /// What stands between the places where `separator` does.
    fileprivate func parts(between separator: String) -> [Substring] {
        var (parts, rest) = ([Substring](), self[...])
        while let range = rest.firstRange(of: separator) {
            parts.append(rest[..<range.lowerBound])
            rest = rest[range.upperBound...]
        }
        return parts + [rest]
    }
}
