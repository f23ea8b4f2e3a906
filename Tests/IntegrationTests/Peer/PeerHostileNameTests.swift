import Glibc
import P2PProtocol
import TestSupport
import Testing

/// Names that strangers choose, from the index to the disk.
@Suite struct PeerHostileNameTests {
    /// A name as a source registers it, and the one that its file gets here.
    struct Case: Sendable, CustomTestStringConvertible {
        let name: Bytes
        let local: Bytes
        let attack: String

        init(_ name: String, _ local: String, _ attack: String) {
            self.init(Bytes(name.utf8), Bytes(local.utf8), attack)
        }

        init(_ name: Bytes, _ local: Bytes, _ attack: String) {
            (self.name, self.local, self.attack) = (name, local, attack)
        }

        var testDescription: String { "[attack \(attack)] \(display(name, width: 40))" }
    }

    private static let long = String(repeating: "é", count: 300)

    static let cases = [
        Case("C:\\prey\\x", "C:_prey_x", "A40"), Case("\\\\srv\\prey", "__srv_prey", "A40"),
        Case("~/prey~", "prey~", "A40"), Case("-rf prey", "_rf prey", "A40"),
        Case(".ssh/prey_keys", "prey_keys", "A40"),
        Case(".prey_rc", "_prey_rc", "A40"), Case("..\u{301}/prey/passwd", "passwd", "A41"),
        Case("prey \(long).flac", "prey \(long.prefix(122)).flac", "A42"),
        Case("prey \u{1B}[31m\u{7}\n\r\t\u{7F}.txt", "prey _[31m_____.txt", "A43"),
        Case("prey \u{9B}31m.txt", "prey _31m.txt", "A43"),
        Case(Bytes("prey ".utf8) + [0xFF], Bytes("prey ".utf8) + [0xFF], "A44"),
        Case(Bytes("prey ".utf8) + [0xC0, 0xAE], Bytes("prey ".utf8) + [0xC0, 0xAE], "A44"),
        Case("prey \u{E9}.txt", "prey \u{E9}.txt", "A45"), Case("prey e\u{301}.txt", "prey e\u{301}.txt", "A45"),
        Case("Prey.mp3", "Prey.mp3", "A46"), Case("prey.mp3", "prey.mp3", "A46"),
        Case("prey \u{202E}gpj.exe", "prey \u{202E}gpj.exe", "A47"), Case("prey/CON", "CON", "A48"),
        Case("prey/nul.txt", "nul.txt", "A48"), Case("prey. ", "prey. ", "A48"), Case("prey/....", "____", "A49"),
        Case("prey/   ", "___", "A49"), Case("taken prey.txt", "taken prey (2).txt", "A50"),
        Case("folder prey", "folder prey (2)", "A50"), Case("link prey", "link prey (2)", "A51"),
        Case("prey $(touch x) `id`;rm '\"%s%n", "prey $(touch x) `id`;rm '\"%s%n", "A52"),
    ]

    @Test(
        """
        [attack A40] [attack A41] [attack A42] [attack A43] [attack A44] [attack A45] [attack A46] [attack A47] \
        [attack A48] [attack A49] [attack A50] [attack A51] [attack A52] \
        whatever a source calls its files, they arrive inside the folder, under harmless names, and replace nothing
        """)
    func downloads() throws {
        let scratch = try ScratchFolder()
        let index = try IndexFixture()
        let files = Self.cases.enumerated().map { number, entry in
            ScriptedSource.File(entry.name, Bytes("content \(number)".utf8))
        }
        let source = try ScriptedSource(.honest, files, at: index)
        scratch.folder("you/folder prey")
        try scratch.write("outside", Bytes("untouched".utf8))
        try scratch.write("you/taken prey.txt", Bytes("mine".utf8))
        guard symlink(scratch.file("outside"), scratch.file("you/link prey")) == 0 else { throw TestFailure("symlink") }
        let result = try PeerFixture.run(["get", "prey", "--all", "--json"], at: [index], in: scratch.file("you"))
        #expect(result.code == 0, "\(result.complaints)")
        let paths = try JSON.parse(Bytes(result.text.utf8))["files"]?.array?.compactMap { $0.name("path") } ?? []
        let folder = Bytes(scratch.file("you/").utf8)
        for (number, entry) in Self.cases.enumerated() {
            let path = folder + entry.local
            #expect(paths.contains(path), "\(entry.testDescription)")
            #expect(Self.content(path) == "content \(number)", "\(entry.testDescription)")
        }
        #expect(paths.count == Self.cases.count)
        #expect(Set(paths).count == paths.count)
        #expect(Self.content(folder + Bytes("taken prey.txt".utf8)) == "mine")
        #expect(Self.content(Bytes(scratch.file("outside").utf8)) == "untouched")
        #expect(ScratchFolder.list(scratch.path) == ["outside", "you"])
        #expect(!ScratchFolder.list(scratch.file("you")).contains { $0.hasSuffix(".part") })
        withExtendedLifetime(source) {}
        try index.stop()
    }

    private static func content(_ path: Bytes) -> String? {
        let file = open(path.map { CChar(bitPattern: $0) } + [0], O_RDONLY | O_NOFOLLOW)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var buffer = Bytes(repeating: 0, count: 64)
        let count = read(file, &buffer, buffer.count)
        return count < 0 ? nil : String(decoding: buffer[..<count], as: UTF8.self)
    }

    @Test("[attack A43] [attack A44] [attack A47] names from strangers are never printed raw")
    func shown() throws {
        let scratch = try ScratchFolder()
        let index = try IndexFixture(["--print-dictionary"])
        let files = Self.cases.enumerated().map { number, entry in
            ScriptedSource.File(entry.name, Bytes("content \(number)".utf8))
        }
        let source = try ScriptedSource(.honest, files, at: index)
        let menu = try PeerFixture.menu(at: index, in: scratch.file("you"))
        var texts = [try PeerFixture.run(["search", "prey"], at: [index], in: scratch.file("you")).text]
        texts.append(try PeerFixture.run(["list"], at: [index], in: scratch.file("you")).text)
        texts.append(try PeerFixture.run(["search", "prey", "--json"], at: [index], in: scratch.file("you")).text)
        texts.append(try menu.answer(to: "search prey", until: "for none] "))
        for text in texts {
            #expect(!text.utf8.contains { $0 < 0x20 && $0 != UInt8(ascii: "\n") || $0 == 0x7F }, "\(text)")
            #expect(text.contains("\\u{202e}") || text.contains("nameBase64"), "\(text)")
        }
        for text in texts.prefix(2) + texts.suffix(1) {
            for escape in ["\\x1b[31m\\x07\\x0a\\x0d\\x09\\x7f", "\\u{9b}31m", "prey \\xff", "prey \\xc0\\xae"] {
                #expect(text.contains(escape), "\(escape) in \(text)")
            }
        }
        try StoryTests.quit(menu)
        try index.stop()
        let log = index.process.text + index.process.errorText
        #expect(!log.utf8.contains { $0 < 0x20 && $0 != UInt8(ascii: "\n") || $0 == 0x7F })
        withExtendedLifetime(source) {}
    }

    @Test(
        "[attack A40] [attack A42] [attack A43] [attack A49] a name that leaves its folder, or is none, is refused",
        arguments: [
            "../../x", "a/../../x", "/abs", "..", ".", "", "a//b", "a/", "./a", "a/.", "%00", "1025 bytes",
            "65535 bytes",
        ])
    func refused(shorthand: String) throws {
        let length = shorthand.hasSuffix(" bytes") ? Int(shorthand.dropLast(6)) : nil
        let name = length.map { String(repeating: "x", count: $0) } ?? (shorthand == "%00" ? "nul\0.txt" : shorthand)
        let index = try IndexFixture()
        let client = try index.client()
        let root = String(decoding: Bytes("x".utf8).contentRoot.hex, as: UTF8.self)
        for entries in [["FILES", name, "1", root], ["NAMES", name]] {
            let reply = try client.command(["REG", "*", "*", "9001"] + entries)
            #expect(reply.errorLine?.starts(with: Bytes("ERR ".utf8)) == true, "\(reply.text)")
        }
        #expect(try client.ask("PING").text == "+PONG")
        try index.stop()
    }

    @Test("[attack A53] [attack A54] [attack A55] only regular files inside a share are shared")
    func shared() throws {
        let scratch = try ScratchFolder()
        let index = try IndexFixture()
        let deep = Array(repeating: "d", count: 80).joined(separator: "/")
        scratch.folder("share/\(deep)")
        try scratch.write("share/\(deep)/too deep.txt", Bytes("x".utf8))
        try scratch.write("share/d/good.txt", Bytes("good".utf8))
        try scratch.write("outside.txt", Bytes("outside".utf8))
        guard mkfifo(scratch.file("share/pipe"), 0o644) == 0,
            symlink("../outside.txt", scratch.file("share/out.txt")) == 0,
            symlink("..", scratch.file("share/up")) == 0, symlink(".", scratch.file("share/loop")) == 0,
            symlink("/dev/zero", scratch.file("share/zero")) == 0,
            symlink("self", scratch.file("share/self")) == 0
        else { throw TestFailure("cannot make what is to be skipped: \(errno)") }
        let peer = try PeerFixture.daemon(at: index, in: scratch.file("share"))
        try index.expectHolders([1], of: "good.txt")
        #expect(try index.client().ask("LIST").text == #"[1, "0", ["d/good.txt"]]"#)
        try peer.stop()
        try index.stop()
    }
}
