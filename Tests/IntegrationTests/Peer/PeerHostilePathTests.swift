import Glibc
import P2PProtocol
import TestSupport
import Testing

/// Requests that would like to be paths of the disk.
@Suite struct PeerHostilePathTests {
    private static let content = Noise.bytes(1_000, seed: 1)

    private static func scene() throws -> PeerScene { try PeerScene(["song.bin": content]) }

    /// Ways out of a folder, for every way to write them.
    private static let escapes: [String] = {
        let ups = [
            "..", "%2e%2e", "%2E.", ".%2e", "%252e%252e", "..;", "%c0%ae%c0%ae", "%uff0e%uff0e", "..%00", "....",
            "%e0%80%ae.",
        ]
        let slashes = ["/", "%2f", "%5c", "\\", "%252f", "//", "/./", "%c0%af"]
        return ups.flatMap { up in
            slashes.map { slash in Array(repeating: up, count: 8).joined(separator: slash) + slash }
        }
    }()

    private static let paths: [String] = {
        let absolute = [
            "/etc/passwd", "//etc/passwd", "///etc/passwd", "/%2fetc%2fpasswd", "/%2f/etc/passwd", "/etc%2fpasswd",
            "/./etc/passwd", "/etc/passwd%00.txt", "/etc/passwd%00", "/etc;/passwd", "/C:/Windows/win.ini",
            "/c:%5cwindows%5cwin.ini", "/%5c%5cserver%5cshare", "/file:///etc/passwd", "/~root/.profile", "/~/",
            "/proc/self/environ", "/dev/zero", "/.rookery/lock", "/.rookery/indexes.json", "/.rookery", "/song.bin",
            "/share.json/", "/share.json/..", "/content", "/content/", "/content/song.bin", "/pieces/", "/have/x",
            "/metrics/x", "/ping/", "/handoff/", "/$(id)", "/`id`", "/'%22", "/%0d%0aX-Evil:%20y", "/%n%s", "/-rf",
        ]
        return absolute + escapes.map { "/\($0)etc/passwd" }
            + escapes.map { "/content/\($0)etc/passwd" }
    }()

    @Test("[attack A34] no request names a path of the disk")
    func traversal() throws {
        let scene = try Self.scene()
        for path in Self.paths {
            let answer = try scene.peer.ask(path)
            // What is no target at all is refused before anything is looked up.
            let isBroken = path.contains("%u") || path.contains("%n")
            #expect(answer.status == (isBroken ? 400 : 404), "\(path): \(answer.head)")
            #expect(!String(decoding: answer.body, as: UTF8.self).contains("root:"), "\(path)")
        }
        // Behind a root stands only the name to save it under.
        for name in ["..%5c..%5cetc", "..%252f..%252fetc", "~", "C:", "..%c0%af"] {
            #expect(
                try scene.peer.ask(scene.target(Self.content, name)).body.contentRoot == Self.content.contentRoot,
                "\(name)")
        }
        for folder in ["..", "/", "/etc", "../..", ".rookery", "%2e%2e", "a/../..", "%00", "%ff"] {
            #expect(try scene.peer.ask("/share.json?path=\(folder)").status == 404, "\(folder)")
            #expect(try scene.peer.ask("/?path=\(folder)").status == 404, "\(folder)")
        }
        try scene.close()
    }

    @Test("[attack A34] curl does not get out either", .enabled(if: Tool.curl.isInstalled))
    func traversalByCurl() throws {
        let scene = try Self.scene()
        let paths = Self.paths.filter { !$0.contains("\\") }
        let urls = paths.map { "http://\(scene.peer.address)\($0)" }
        let result = try ChildProcess.run(
            Tool.curl.path,
            ["-sS", "-g", "--path-as-is", "-o", "/dev/null", "-w", "%{http_code}\\n"]
                + urls.flatMap { [$0, "-o", "/dev/null"] }.dropLast(2))
        let codes = String(decoding: result.output, as: UTF8.self).split(separator: "\n")
        #expect(codes.count == paths.count)
        for (code, path) in zip(codes, paths) { #expect(code == "404" || code == "400", "\(path)") }
        try scene.close()
    }
}
