import P2PProtocol
import P2PRuntime
import TestSupport
import Testing

/// What is installed beside the programs.
@Suite struct PackagingTests {
    private static let folder =
        #filePath.split(separator: "/").dropLast(4).map { "/\($0)" }.joined() + "/packaging"

    private static func text(_ name: String) throws -> String {
        String(decoding: try #require(ScratchFolder.read("\(folder)/\(name)")), as: UTF8.self)
    }

    // MARK: Units

    @Test("the units start command lines that the programs understand", arguments: ["index-server", "peer"])
    func commandLines(name: String) throws {
        let lines = try Self.text("systemd/\(name).service").split(separator: "\n")
        let start = try #require(lines.first { $0.hasPrefix("ExecStart=") })
        let words = start.split(separator: " ").map { Array($0.utf8) }
        #expect(start.split(separator: " ")[0].hasSuffix("/\(name)"))
        let program = name == "peer" ? Program.peer : .indexServer
        _ = try CommandLineParser.parse(Array(words.dropFirst()), for: program)
    }

    @Test(
        "systemd takes the units as they are",
        .enabled(if: Tool.systemdAnalyze.isInstalled, "needs systemd-analyze"), arguments: ["index-server", "peer"])
    func units(name: String) throws {
        let scratch = try ScratchFolder()
        // The programs lie elsewhere here.
        let text = try Self.text("systemd/\(name).service")
            .replacing("/usr/local/bin", with: ChildProcess.productsFolder)
            .replacing("%h/.local/bin", with: ChildProcess.productsFolder)
        let unit = try scratch.write("\(name).service", Bytes(text.utf8))
        let result = try ChildProcess.run(
            Tool.systemdAnalyze.path, (name == "peer" ? ["--user"] : []) + ["verify", "--man=no", unit],
            environment: ["XDG_RUNTIME_DIR": scratch.path])
        #expect(result.code == 0 && result.errors.isEmpty, "\(String(decoding: result.errors, as: UTF8.self))")
    }

    // MARK: Completions

    /// What bash offers where the cursor stands behind the last word.
    private static func offers(_ words: [String]) throws -> Set<String> {
        let program = words[0]
        let quoted = words.map { "'\($0)'" }.joined(separator: " ")
        let function = "_" + program.replacing("-", with: "_")
        let script = """
            . '\(folder)/completions/bash/\(program)'
            COMP_WORDS=(\(quoted)) COMP_CWORD=\(words.count - 1)
            \(function)
            printf '%s\\n' "${COMPREPLY[@]}"
            """
        let result = try ChildProcess.run(Tool.bash.path, ["-c", script])
        #expect(result.code == 0 && result.errors.isEmpty, "\(String(decoding: result.errors, as: UTF8.self))")
        return Set(String(decoding: result.output, as: UTF8.self).split(separator: "\n").map(String.init))
    }

    @Test("bash completes verbs, flags, their choices, and what a verb can do", .enabled(if: Tool.bash.isInstalled))
    func bash() throws {
        #expect(try Self.offers(["peer", "st"]) == ["stream", "status"])
        #expect(try Self.offers(["peer", "--dir", "stream", "do"]) == ["download", "doctor"])
        #expect(try Self.offers(["peer", "get", "--s"]) == ["--serial", "--server", "--state"])
        #expect(try Self.offers(["peer", "share", ""]).isSuperset(of: ["add", "remove", "list", "verify"]))
        #expect(try Self.offers(["peer", "daemon", "--ownership", ""]) == ["copy", "move"])
        #expect(try Self.offers(["peer", "--dir", "/et"]) == ["/etc"])
        #expect(try Self.offers(["peer", "--server", ""]).isEmpty)
        #expect(try Self.offers(["index-server", "--acc"]) == ["--accounts"])
    }

    @Test("zsh and fish can read theirs", arguments: [Tool.zsh, .fish])
    func syntax(shell: Tool) throws {
        guard shell.isInstalled else { return }
        for file in ScratchFolder.list("\(Self.folder)/completions/\(shell.rawValue)") {
            let path = "\(Self.folder)/completions/\(shell.rawValue)/\(file)"
            let result = try ChildProcess.run(shell.path, ["-n", path])
            #expect(result.code == 0 && result.errors.isEmpty, "\(String(decoding: result.errors, as: UTF8.self))")
        }
    }

    @Test("fish completes verbs and what a verb can do", .enabled(if: Tool.fish.isInstalled))
    func fish() throws {
        for (line, wanted) in [
            ("peer st", ["status", "stream"]), ("peer share ", ["add", "list", "remove", "verify"]),
        ] {
            let script = "source \(Self.folder)/completions/fish/peer.fish; complete -C '\(line)'"
            let result = try ChildProcess.run(Tool.fish.path, ["--no-config", "-c", script])
            let offers = String(decoding: result.output, as: UTF8.self).split(separator: "\n")
                .compactMap { $0.split(separator: "\t").first.map(String.init) }
            #expect(Set(offers).isSuperset(of: wanted), "\(line): \(offers)")
        }
    }
}
