import P2PProtocol
import P2PRuntime
import TestSupport
import Testing

@Suite struct ConfigurationFileTests {
    @Test("a file that was asked for must be there and be a file [attack A92]")
    func unreadable() throws {
        let folder = try ScratchFolder()
        #expect(throws: Misuse("\(folder.path)/x: cannot read the configuration: No such file or directory")) {
            try ConfigurationFile.find(Array(folder.file("x").utf8))
        }
        #expect(throws: Misuse("\(folder.path): cannot read the configuration: Is a directory")) {
            try ConfigurationFile.find(Array(folder.path.utf8))
        }
    }

    @Test("a file that is far too long is refused before it is read whole [attack A92]")
    func overlong() throws {
        let folder = try ScratchFolder()
        let text = Bytes(repeating: UInt8(ascii: " "), count: Limits.standard.configurationBytes + 1)
        let path = try folder.write("long.json", text)
        #expect(throws: Misuse("\(path): longer than 1048576 bytes: this is no configuration")) {
            try Settings(file: ConfigurationFile.find(Array(path.utf8)))
        }
        #expect(ScratchFolder.read(path) == text)
    }

    @Test("a file with CRLF line ends is read like any other [attack A92]")
    func lineEnds() throws {
        let file = ConfigurationFile(place: "x", text: Bytes(ascii: "{\r\n\"index\": {\r\n\"loops\": 3}\r\n}\r\n"))
        #expect(try Settings(file: file).integer(IndexSettings.loops) == 3)
    }
}
