import P2PProtocol
import Testing

@Suite struct ContentTypeTests {
    @Test(
        "knows a file by its extension, and gives dangerous types their right name",
        arguments: [
            ("a.mp3", "audio/mpeg"), ("dir.x/A.FLAC", "audio/flac"), ("a.b.mkv", "video/x-matroska"),
            ("a.txt", "text/plain; charset=utf-8"), ("a.html", "text/html; charset=utf-8"), ("a.svg", "image/svg+xml"),
            ("a.pdf", "application/pdf"), ("a.zip", "application/zip"), ("a.unknown", "application/octet-stream"),
            ("a.js", "text/javascript; charset=utf-8"), ("README", "application/octet-stream"),
            ("a.", "application/octet-stream"), ("dir.mp3/a", "application/octet-stream"),
            ("", "application/octet-stream"), ("a.mp3\r\nX: y", "application/octet-stream"),
        ])
    func type(name: String, expected: String) {
        #expect(ContentType.forName(Bytes(name.utf8)) == Bytes(expected.utf8))
    }
}
