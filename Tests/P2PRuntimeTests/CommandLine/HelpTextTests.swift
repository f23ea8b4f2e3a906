import P2PProtocol
import P2PRuntime
import Testing

@Suite struct HelpTextTests {
    private static let programs = [Program.indexServer, .peer]
    private static let names = programs.map(\.name)
    private static let helps = programs.flatMap { program in
        ["\(program.name) --help"] + program.verbs.map { "\(program.name) \($0.name) --help" }
    }

    /// What a command line such as `peer get --help` prints.
    private static func output(of line: String) throws -> String {
        let words = line.split(separator: " ").map(String.init)
        let program = try #require(programs.first { $0.name == words.first })
        let start = try program.start(arguments: words.dropFirst().map { Array($0.utf8) }, environment: [])
        guard case .print(let text) = start else { return "" }
        return String(decoding: text, as: UTF8.self)
    }

    @Test("every help fits 24 lines of 80 columns, that of a program with many verbs twice as many", arguments: helps)
    func size(line: String) throws {
        let text = try Self.output(of: line)
        #expect(text.hasSuffix("\n"))
        // The prompt takes the last line.
        let most = Self.names.contains { line == "\($0) --help" } ? 47 : 23
        #expect((4...most).contains(text.count { $0 == "\n" }), "\(text)")
        for line in text.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    }

    @Test("every command line in the examples is one", arguments: names)
    func examples(name: String) throws {
        let program = try #require(Self.programs.first { $0.name == name })
        for example in program.examples {
            let words = example.split(separator: " ").map { Array($0.utf8.filter { $0 != UInt8(ascii: "\"") }) }
            #expect(words.first == Array(name.utf8))
            _ = try CommandLineParser.parse(Array(words.dropFirst()), for: program)
        }
    }

    @Test("--version says name and version", arguments: names)
    func version(name: String) throws {
        #expect(try Self.output(of: "\(name) --version") == "\(name) \(Version.current)\n")
    }

    @Test("--print-config prints the configuration with the flags in it", arguments: ["", "serve "])
    func printConfig(verb: String) throws {
        let text = try Self.output(of: "index-server \(verb)--port 0 --print-config")
        #expect(text.hasPrefix("{\n  \"index\": {\n    \"ip\": \"127.0.0.1\",\n    \"port\": \"0\",\n"))
    }
}
