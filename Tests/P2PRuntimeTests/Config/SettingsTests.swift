import P2PProtocol
import P2PRuntime
import TestSupport
import Testing

@Suite struct SettingsTests {
    private let home = HomeFolder(Bytes(ascii: "/home/ann"))

    private func settings(
        file: String? = nil, environment: [(String, String)] = [], flags: [(String, Setting, [String])] = []
    ) throws -> Settings {
        var settings = try Settings(
            file: file.map { ConfigurationFile(place: "config.json", text: Array($0.utf8)) })
        try settings.apply(environment: environment.map { (Array($0.utf8), Array($1.utf8)) })
        for (flag, setting, values) in flags {
            try settings.apply(flag: flag, for: setting, values: values.map { Array($0.utf8) })
        }
        return settings
    }

    @Test("defaults < file < environment < flags [mission N16]", arguments: 0...7)
    func precedence(layers: Int) throws {
        let settings = try settings(
            file: layers & 1 == 0 ? nil : #"{"index": {"port": 1}}"#,
            environment: layers & 2 == 0 ? [] : [("ROOKERY_INDEX_PORT", "2"), ("PATH", "/bin"), ("ROOKERY_HOME", "x")],
            flags: layers & 4 == 0 ? [] : [("--port", IndexSettings.port, ["3"])])
        let expected = layers & 4 != 0 ? "3" : layers & 2 != 0 ? "2" : layers & 1 != 0 ? "1" : "8888,7777,8889-8899"
        #expect(settings.text(IndexSettings.port) == expected)
        #expect(settings.text(IndexSettings.ip) == "127.0.0.1")
    }

    @Test("a list from a later layer replaces the earlier one; flags add to each other")
    func lists() throws {
        let settings = try settings(
            file: #"{"peer": {"servers": ["a", "b"]}}"#, environment: [("ROOKERY_PEER_SHARE", "/x,/y")],
            flags: [("--server", PeerSettings.servers, ["c:1", "d:2"])])
        #expect(settings.list(PeerSettings.servers) == [Bytes(ascii: "c:1"), Bytes(ascii: "d:2")])
        #expect(settings.list(PeerSettings.share) == [Bytes(ascii: "/x"), Bytes(ascii: "/y")])
    }

    @Test(
        "an unknown key, a wrong type and a value out of range are refused by name, with the line [attack A92]",
        arguments: [
            (
                "{\n  \"index\": {\n    \"prot\": 1\n  }\n}",
                "config.json:3: unknown setting index.prot (did you mean index.port?)"
            ),
            ("{\"indx\": {}}", "config.json:1: unknown setting indx (did you mean index?)"),
            ("{\"zebra\": 1}", "config.json:1: unknown setting zebra"),
            (
                "{\"index\":\n{\"ip\":\n\"x:y\\\"\",\n\"loops\": \"2\"}}",
                "config.json:2: index.ip: expected an IP address, not \"x:y\\\"\""
            ),
            (
                "{\"index\":\r\n{\"loops\": \"2\"}}",
                "config.json:2: index.loops: expected a number from 0 to 1024, not \"2\""
            ),
            (
                "{\"index\": {\"loops\": 1025}}",
                "config.json:1: index.loops: expected a number from 0 to 1024, not 1025"
            ),
            ("{\"index\": {\"loops\": -1}}", "config.json:1: index.loops: expected a number from 0 to 1024, not -1"),
            ("{\"index\": {\"loops\": 1.5}}", "config.json:1: index.loops: expected a number from 0 to 1024, not 1.5"),
            (
                "{\"index\": {\"loops\": null}}",
                "config.json:1: index.loops: expected a number from 0 to 1024, not null"
            ),
            (
                "{\"index\": {\"name\": {\"a\": 1}}}",
                "config.json:1: index.name: expected text of at most 64 bytes, not {\"a\":1}"
            ),
            (
                "{\"index\": {\"name\": \"a\\u001bb\"}}",
                "config.json:1: index.name: expected text of at most 64 bytes, not \"a\\u001bb\""
            ),
            (
                "{\"index\": {\"printDictionary\": 1}}",
                "config.json:1: index.printDictionary: expected true or false, not 1"
            ),
            (
                "{\"index\": {\"limits\":\n{\"idle\": 1, \"file\": 2}}}",
                "config.json:2: unknown setting index.limits.file (did you mean index.limits.files?)"
            ),
            ("{\"index\": 5}", "config.json:1: index: expected an object, not 5"),
            (
                "{\"peer\": {\"servers\": [\"a b\"]}}",
                "config.json:1: peer.servers: expected a list of HOST:PORT, not [\"a b\"]"
            ),
            ("{\"peer\": {\"servers\": [1]}}", "config.json:1: peer.servers: expected a list of HOST:PORT, not [1]"),
            (
                "{\"peer\": {\"uploadLimit\": \"5X\"}}",
                "config.json:1: peer.uploadLimit: expected bytes, from 0 to 1T (K, M, G, T), not \"5X\""
            ),
            ("{\"peer\": {}, \"peer\": {}}", "config.json:1: column 14: duplicate key"),
            ("{\n\"peer\": {,}}", "config.json:2: column 10: expected a key in quotes"),
            ("[]", "config.json:1: expected an object with the sections \"index\" and \"peer\""),
            ("", "config.json:1: column 1: expected a value"),
            ("\u{FEFF}{}", "config.json:1: begins with a byte order mark; save it as UTF-8 without one"),
        ])
    func refusedFile(text: String, message: String) {
        #expect(throws: Misuse(message)) { try settings(file: text) }
    }

    @Test(
        "the environment is held to the same",
        arguments: [
            ("ROOKERY_INDEX_PROT", "1", "unknown variable ROOKERY_INDEX_PROT (did you mean ROOKERY_INDEX_PORT?)"),
            (
                "ROOKERY_INDEX_PORT", "x",
                "ROOKERY_INDEX_PORT: expected ports and ranges, such as 8888,7777,8889-8899, not x"
            ),
            (
                "ROOKERY_INDEX_LIMITS_COUNT_LOOPBACK", "yes",
                "ROOKERY_INDEX_LIMITS_COUNT_LOOPBACK: expected true or false, not yes"
            ),
            ("ROOKERY_PEER_LEASE", "+30", "ROOKERY_PEER_LEASE: expected seconds, from 5 to 3600, not +30"),
            ("ROOKERY_PEER_DOWNLOADS", "", "ROOKERY_PEER_DOWNLOADS: expected a path, not \"\""),
        ])
    func refusedEnvironment(name: String, value: String, message: String) {
        #expect(throws: Misuse(message)) { try settings(environment: [(name, value)]) }
    }

    @Test("so are flags")
    func refusedFlag() {
        #expect(throws: Misuse("--accounts: expected one of open, closed, auto, not some")) {
            try settings(flags: [("--accounts", IndexSettings.accounts, ["some"])])
        }
    }

    @Test("a name must be text, a path may be any bytes")
    func bytes() throws {
        var settings = Settings()
        #expect(throws: Misuse("--name: expected text of at most 64 bytes, not \\xff")) {
            try settings.apply(flag: "--name", for: PeerSettings.name, values: [[0xFF]])
        }
        try settings.apply(flag: "--dir", for: PeerSettings.dir, values: [[0x2F, 0xFF]])
        #expect(settings.bytes(PeerSettings.dir) == [0x2F, 0xFF])
    }

    @Test(
        "sizes are numbers or text with a suffix",
        arguments: [("1024", 1_024), ("\"64K\"", 65_536), ("\"2m\"", 2 << 20)])
    func sizes(json: String, bytes: Int) throws {
        let settings = try settings(file: "{\"peer\": {\"uploadLimit\": \(json)}}")
        #expect(settings.integer(PeerSettings.uploadLimit) == bytes)
    }

    @Test("--print-config prints what is in force as a file that means the same")
    func printed() throws {
        let settings = try settings(
            file: #"{"index": {"port": 5, "limits": {"outputBytes": "1M", "idle": 3}}, "peer": {"share": ["/a"]}}"#,
            environment: [("ROOKERY_PEER_NAME", "Ann \"A\" Ö")])
        let again = try Settings(file: ConfigurationFile(place: "again", text: settings.document))
        for setting in Setting.all {
            #expect(again.value(of: setting) == settings.value(of: setting), "\(setting.path)")
        }
        #expect(again.document == settings.document)
    }

    @Test("every default is a value of its own kind, and no two settings share a name")
    func table() throws {
        var settings = try Settings(file: ConfigurationFile(place: "built in", text: Settings().document))
        for setting in Setting.all { #expect(settings.layer(of: setting) == .file) }
        #expect(Set(Setting.all.map(\.path)).count == Setting.all.count)
        #expect(Set(Setting.all.map(\.environmentName)).count == Setting.all.count)
        try settings.apply(environment: [(Bytes(ascii: "ROOKERY_INDEX_LIMITS_FILES_PER_PEER"), Bytes(ascii: "7"))])
        #expect(settings.integer(IndexSettings.Limits.filesPerPeer) == 7)
        #expect(try IndexConfiguration(settings, home: home).limits.filesPerPeer == 7)
    }
}
