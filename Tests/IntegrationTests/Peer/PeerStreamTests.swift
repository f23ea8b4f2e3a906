import Glibc
import P2PProtocol
import TestSupport
import Testing

/// Listening to a file while it comes.
@Suite struct PeerStreamTests {
    @Test("[mission A4] after a seek to the middle of what has just begun, that is what comes first")
    func seek() throws {
        let scene = try StreamScene(Noise.bytes((64 << 20) + 7, seed: 61), bytesPerSecond: 500_000)
        let process = try scene.stream("song.bin")
        let place = try StreamScene.place(of: process)
        let start = try place.begin()
        let beginning = try #require(start.bytes(atLeast: 2_000).map { ServedText($0) })
        #expect(beginning.status == 200 && scene.song.starts(with: beginning.body))
        let middle = scene.song.count / 2
        let seek = try place.begin(["Range: bytes=\(middle)-"])
        let first = try #require(seek.bytes(atLeast: 20_000).map { ServedText($0) })
        let sent = scene.sentBytes
        #expect(first.status == 206 && scene.song[middle...].starts(with: first.body))
        #expect(first.field("Content-Range") == "bytes \(middle)-\(scene.song.count - 1)/\(scene.song.count)")
        // In order it would have been one half; so slow are the sources that a busy machine makes no difference.
        #expect(sent < scene.song.count / 2, "\(sent) of \(scene.song.count)")
        process.signal(SIGINT)
        #expect(try process.exitCode() == 0)
        try scene.index.stop()
    }

    @Test("[mission A4] every byte comes from the address, in any part, also when the file is complete")
    func whole() throws {
        let scene = try StreamScene(Noise.bytes((5 << 20) + 7, seed: 62), bytesPerSecond: 20_000_000)
        let process = try scene.stream("song.bin", "--json")
        let url = try JSON.parse(Bytes(process.firstLine().utf8))["url"]?.string ?? []
        let place = try StreamPlace(String(decoding: url, as: UTF8.self))
        let head = try place.ask(method: "HEAD")
        let fields = ["Content-Length", "Content-Type", "Accept-Ranges", "ETag"].map { head.field($0) }
        let tag = "\"\(scene.song.contentRoot)\""
        #expect(fields == ["\(scene.song.count)", "application/octet-stream", "bytes", tag] && head.body.isEmpty)
        let whole = try place.ask()
        #expect(whole.status == 200 && whole.body == scene.song)
        try process.expect("it is complete", onError: true)
        #expect(ScratchFolder.root(of: "\(scene.folder)/song.bin") == scene.song.contentRoot)
        let part = try place.ask(["Range: bytes=1000000-1999999"])
        #expect(part.status == 206 && part.body == Bytes(scene.song[1_000_000..<2_000_000]))
        let tail = try place.ask(["Range: bytes=-3"])
        #expect(tail.status == 206 && tail.body == scene.song.suffix(3))
        #expect(try place.ask(["Range: bytes=\(scene.song.count)-"]).status == 416)
        #expect(try place.ask(["If-None-Match: \(tag)"]).status == 304)
        process.signal(SIGINT)
        #expect(try process.exitCode() == 0)
        try scene.index.stop()
    }

    @Test(
        "[attack A73] [attack A77] who does not know the address, or leads a browser here by another name, gets nothing"
    )
    func strangers() throws {
        let scene = try StreamScene(Noise.bytes(3 << 20, seed: 63), bytesPerSecond: 20_000_000)
        let process = try scene.stream("song.bin")
        let place = try StreamScene.place(of: process)
        let token = try #require(place.target.split(separator: "/").dropFirst().first)
        #expect(token.count == 32)
        let wrong = String(token.reversed())
        for target in [
            "/", "/stream", "/stream//song.bin", "/stream/\(wrong)/song.bin", "/stream/\(token.dropLast())/x",
        ] {
            #expect(try place.ask(target: target).status == 404, "\(target)")
        }
        let hosts = [
            "evil.example", "localhost.evil.example:\(place.port)", "127.0.0.1.evil:\(place.port)", "127.0.0.1",
            "127.0.0.1:\(place.port + 1)", "0.0.0.0:\(place.port)", "[::1]:\(place.port)", "",
        ]
        for host in hosts { #expect(try place.ask(host: host).status == 403, "\(host)") }
        let twice = try place.ask(["Host: 127.0.0.1:\(place.port)"], host: "evil.example")
        #expect([400, 403].contains(twice.status))
        let absolute = try place.ask(host: "127.0.0.1:\(place.port)", target: "http://evil.example\(place.target)")
        #expect([400, 403].contains(absolute.status))
        #expect(try place.ask(["Content-Length: 0"], method: "POST").status == 405)
        #expect(try place.ask(host: "localhost:\(place.port)").status == 200)
        process.signal(SIGTERM)
        #expect(try process.exitCode() == 0)
        try scene.index.stop()
    }

    @Test(
        "[mission A4] a player is started with the address, and the program ends with it",
        .enabled(if: Tool.curl.isInstalled))
    func player() throws {
        let scene = try StreamScene(
            Noise.bytes((3 << 20) + 1, seed: 64), bytesPerSecond: 20_000_000, name: "a $(b) 'c.bin")
        let copy = scene.scratch.file("copy")
        let process = try scene.stream("a $(b)", "--player", "curl -sS -o \(copy)")
        #expect(try process.exitCode(within: 60) == 0, "\(process.errorText)")
        #expect(ScratchFolder.root(of: copy) == scene.song.contentRoot)
        let missing = try scene.stream("a $(b)", "--player", "/no/such/player")
        #expect(try missing.exitCode() == 1)
        #expect(missing.errorText.contains("cannot start /no/such/player: No such file or directory"))
        try scene.index.stop()
    }

    @Test(
        "[mission A4] mpv plays a real recording, and seeks in it, while it comes from two slow sources",
        .enabled(if: Tool.mpv.isInstalled && Tool.ffmpeg.isInstalled, "needs mpv and ffmpeg"))
    func mpv() throws {
        let workshop = try ScratchFolder()
        let noise = "anoisesrc=d=120:c=pink:r=44100:a=0.5:seed=7"
        let made = try ChildProcess.run(
            Tool.ffmpeg.path, ["-loglevel", "error", "-f", "lavfi", "-i", noise, "-ac", "2", workshop.file("a.wav")])
        let song = try #require(made.code == 0 ? ScratchFolder.read(workshop.file("a.wav")) : nil)
        let scene = try StreamScene(song, bytesPerSecond: 1_000_000, name: "a.wav")
        let mpv = "\(Tool.mpv.path) --no-config --no-video --start=80 --length=2"
        let heard = try scene.stream("a.wav", "--player", "\(mpv) --ao=null --ao-null-untimed")
        #expect(try heard.exitCode(within: 60) == 0, "\(heard.errorText)")
        #expect(heard.errorText.contains("AO: [null] 44100Hz stereo"))
        // The what lies between the beginning and the place was not waited for.
        #expect(scene.sentBytes < song.count, "\(scene.sentBytes) of \(song.count)")
        let taken = workshop.file("b.wav")
        let written = try scene.stream("a.wav", "--player", "\(mpv) --ao=pcm --ao-pcm-file=\(taken)")
        #expect(try written.exitCode(within: 60) == 0, "\(written.errorText)")
        let sound = try #require(ScratchFolder.read(taken))
        // Four bytes are a moment of the sound: what was heard is what stands 80 s and a bit further on.
        let place = 44 + 80 * 44_100 * 4
        let near = song[(place - 200_000)..<(place + 200_000)]
        let sample = Bytes(sound[100_000..<100_064])
        #expect(near.indices.contains { near[$0...].starts(with: sample) })
        try scene.index.stop()
    }

    @Test("where a peer runs, that one downloads and serves the player")
    func throughPeer() throws {
        let scene = try StreamScene(Noise.bytes((4 << 20) + 3, seed: 65), bytesPerSecond: 20_000_000)
        let daemon = try PeerFixture.daemon(at: scene.index, in: scene.folder)
        let process = try scene.stream("rookery:\(scene.song.contentRoot)")
        let place = try StreamScene.place(of: process)
        #expect(try place.ask().body == scene.song)
        try process.expect("it is complete", onError: true)
        process.signal(SIGINT)
        #expect(try process.exitCode() == 0)
        #expect(ScratchFolder.root(of: daemon.file("song.bin")) == scene.song.contentRoot)
        // It lies here now: there is nothing to be fetched.
        let again = try scene.stream("song.bin")
        #expect(try StreamScene.place(of: again).ask(["Range: bytes=7-9"]).body == Bytes(scene.song[7...9]))
        again.signal(SIGTERM)
        #expect(try again.exitCode() == 0)
        try daemon.stop()
        try scene.index.stop()
    }

    @Test("the menu plays: a title that is found, and one of the library")
    func menu() throws {
        let scene = try StreamScene(Noise.bytes((2 << 20) + 3, seed: 66), bytesPerSecond: 20_000_000)
        let menu = try PeerFixture.menu(at: scene.index, in: scene.folder)
        for _ in 0..<2 {
            let answer = try menu.answer(to: "stream song.bin")
            let url = try #require(answer.split(separator: "\n").last { $0.hasPrefix("http://") })
            let place = try StreamPlace(String(url))
            #expect(try place.ask().body == scene.song)
            try TestClock.wait(for: "the file") { ScratchFolder.exists(menu.file("song.bin")) }
        }
        try menu.stop()
        try scene.index.stop()
    }

    @Test("what nobody has is not found, and what nobody can give says why")
    func missing() throws {
        let scene = try StreamScene(Noise.bytes(100, seed: 67), bytesPerSecond: 20_000_000)
        let none = try scene.stream("nothing of the kind")
        #expect(try none.exitCode() == 2)
        let sharer = try scene.index.sharer(["only a name.mp3"])
        let name = try scene.stream("only a name.mp3")
        #expect(try name.exitCode() == 1 && name.errorText.contains("only its name is known"))
        sharer.close()
        try scene.index.stop()
    }
}
