import P2PProtocol
import P2PRuntime
import TestSupport
import Testing

/// Pages that are made from tables in the code. `ROOKERY_REWRITE=1 swift test --filter WrittenPagesTests` writes them
/// anew; one after another, since two share a file.
@Suite(.serialized) struct WrittenPagesTests {
    private static let root = #filePath.split(separator: "/").dropLast(4).map { "/\($0)" }.joined()

    @Test("config.json is the complete default configuration [mission N16]")
    func configFile() throws {
        try Self.compare("config.json") { _ in Settings().document }
    }

    @Test("the settings in docs/OPERATIONS.md are those of the code")
    func settings() throws {
        try Self.compare("docs/OPERATIONS.md", section: "settings", with: Self.table)
    }

    @Test("the limits in docs/OPERATIONS.md are those of the code")
    func limits() throws {
        var table = "| `limit` | bounds | default | setting | then |\n|---|---|---|---|---|\n"
        for limit in IndexLimit.allCases {
            let standard = limit.setting.map(Self.value) ?? limit.fixed.map { "`\(ByteSize.text($0))`" } ?? ""
            let setting = limit.setting.map { "`\($0.path)`" } ?? ""
            table += "| `\(limit.rawValue)` | \(limit.meaning.bound) | \(standard) | \(setting) "
            table += "| \(limit.meaning.consequence) |\n"
        }
        try Self.compare("docs/OPERATIONS.md", section: "limits", with: table)
    }

    @Test("the help in docs/OPERATIONS.md is what the programs print")
    func help() throws {
        var text = ""
        for (program, verb) in [(Program.indexServer, ""), (.peer, ""), (.peer, "daemon "), (.peer, "get ")] {
            let words = "\(verb)--help".split(separator: " ").map { Array($0.utf8) }
            guard case .print(let page) = try program.start(arguments: words, environment: []) else { continue }
            text += "```\n$ \(program.name) \(verb)--help\n\(String(decoding: page, as: UTF8.self))```\n"
        }
        try Self.compare("docs/OPERATIONS.md", section: "help", with: text)
    }

    @Test("the completions in packaging/ are written from the programs' tables", arguments: ShellCompletion.allCases)
    func completions(shell: ShellCompletion) throws {
        for program in [Program.indexServer, .peer] {
            let file = "packaging/completions/\(shell.rawValue)/\(shell.fileName(for: program))"
            try Self.compare(file) { _ in Array(shell.script(for: program).utf8) }
        }
    }

    private static func compare(_ name: String, section: String, with text: String) throws {
        try compare(name) { page in
            let page = String(decoding: page, as: UTF8.self)
            let head = try #require(page.firstRange(of: "<!-- \(section): written from the code -->\n")).upperBound
            let tail = try #require(page.firstRange(of: "<!-- end of \(section) -->")).lowerBound
            return Array((page[..<head] + text + page[tail...]).utf8)
        }
    }

    private static func compare(_ name: String, with wanted: (Bytes) throws -> Bytes) throws {
        let path = "\(root)/\(name)"
        let found = ScratchFolder.read(path) ?? []
        let wanted = try wanted(found)
        if Process.environment("ROOKERY_REWRITE") == nil {
            let isSame = found == wanted
            #expect(isSame, "\(name) differs: write it anew with ROOKERY_REWRITE=1")
        } else {
            try AtomicFile.save(wanted, to: Array(path.utf8), mode: 0o644)
        }
    }

    private static var table: String {
        var table = "| setting | default | expects | what it does | flag |\n|---|---|---|---|---|\n"
        for setting in Setting.all {
            let program = setting.path.hasPrefix("index.") ? Program.indexServer : .peer
            let flag = program.allFlags.first { $0.setting == setting }.map { "`\($0.name)`" } ?? ""
            let cells = ["`\(setting.path)`", value(of: setting), setting.kind.expectation, setting.purpose, flag]
            table += "| \(cells.joined(separator: " | ")) |\n"
        }
        return table
    }

    private static func value(of setting: Setting) -> String {
        switch (setting.builtIn, setting.kind) {
        case (.integer(let number), .byteSize): "`\(ByteSize.text(number))`"
        case (.integer(let number), _): "`\(number)`"
        case (.flag(let flag), _): "`\(flag)`"
        case (.text(let text), _): text.isEmpty ? "" : "`\(String(decoding: text, as: UTF8.self))`"
        case (.list(let elements), _):
            elements.map { "`\(String(decoding: $0, as: UTF8.self))`" }.joined(separator: ", ")
        }
    }
}
