import P2PProtocol
import P2PRuntime
import Testing

@Suite struct ConfigurationTests {
    private let home = HomeFolder(Bytes(ascii: "/home/ann"))

    private func index(_ flags: [(Setting, String)] = []) throws -> IndexConfiguration {
        try IndexConfiguration(try settings(flags), home: home)
    }

    private func peer(_ flags: [(Setting, String)] = [], file: String = "{}") throws -> PeerConfiguration {
        try PeerConfiguration(try settings(flags, file: file), home: home)
    }

    private func settings(_ flags: [(Setting, String)], file: String = "{}") throws -> Settings {
        var settings = try Settings(file: ConfigurationFile(place: "x", text: Array(file.utf8)))
        for (setting, value) in flags { try settings.apply(flag: "--x", for: setting, values: [Array(value.utf8)]) }
        return settings
    }

    @Test("without any word the index is open, on loopback, on the ports of old")
    func indexDefaults() throws {
        let index = try index()
        #expect(index.address == .loopback)
        #expect(index.ports.first { _ in true } == 8_888)
        #expect(index.stateFolder == Bytes(ascii: "/home/ann/.local/share/rookery/index"))
        #expect(!index.isClosed)
        #expect(index.logFile == nil)
        #expect(index.limits.idle == nil)
        #expect(!index.limits.countsLoopback)
    }

    @Test(
        "the index is open on loopback and closed elsewhere, unless somebody says otherwise",
        arguments: [
            ("127.0.0.1", "auto", false), ("::1", "auto", false), ("0.0.0.0", "auto", true), ("10.0.0.1", "auto", true),
            ("0.0.0.0", "open", false), ("127.0.0.1", "closed", true),
        ])
    func accounts(ip: String, accounts: String, isClosed: Bool) throws {
        #expect(try index([(IndexSettings.ip, ip), (IndexSettings.accounts, accounts)]).isClosed == isClosed)
    }

    @Test("without any word the peer shares and fills ~/Rookery")
    func peerDefaults() throws {
        let peer = try peer()
        #expect(peer.downloads == Bytes(ascii: "/home/ann/Rookery"))
        #expect(peer.stateFolder == Bytes(ascii: "/home/ann/.local/share/rookery/peer"))
        #expect(peer.shares.isEmpty)
        #expect(peer.servers == [ServerAddress(host: "127.0.0.1", port: 8_888)])
        #expect(!peer.serversAreFromFlags)
        #expect(peer.uploadBytesPerSecond == nil)
    }

    @Test("--dir is the one folder, with the state in it [mission F1]")
    func dir() throws {
        let peer = try peer([(PeerSettings.dir, "~/m")], file: #"{"peer": {"state": "/s", "downloads": "/d"}}"#)
        #expect(peer.downloads == Bytes(ascii: "/home/ann/m"))
        #expect(peer.stateFolder == Bytes(ascii: "/home/ann/m/.rookery"))
    }

    @Test("a dir that is written into the complete default file counts")
    func dirInCompleteFile() throws {
        let text = String(decoding: Settings().document, as: UTF8.self)
        let peer = try peer(file: text.replacing("\"dir\": \"\"", with: "\"dir\": \"/m\""))
        #expect(peer.downloads == Bytes(ascii: "/m"))
        #expect(peer.stateFolder == Bytes(ascii: "/m/.rookery"))
    }

    @Test("a more exact flag beside --dir wins")
    func dirAndState() throws {
        let peer = try peer([(PeerSettings.dir, "m"), (PeerSettings.state, "s")])
        #expect(peer.downloads == Bytes(ascii: "m"))
        #expect(peer.stateFolder == Bytes(ascii: "s"))
    }

    @Test(
        "a peer listens everywhere, unless all its servers are on loopback",
        arguments: [
            ([], "auto", "127.0.0.1"), (["127.0.0.1:8888", "[::1]:1", "localhost"], "auto", "127.0.0.1"),
            (["127.0.0.1", "10.0.0.2"], "auto", "0.0.0.0"), (["example.org"], "auto", "0.0.0.0"),
            (["127.0.0.1"], "10.0.0.3", "10.0.0.3"),
        ] as [([String], String, String)])
    func listenAddress(servers: [String], ip: String, address: String) throws {
        let peer = try peer([(PeerSettings.ip, ip)])
        #expect(peer.listenAddress(for: servers.compactMap { ServerAddress($0) }).description == address)
    }

    @Test("without a home folder the path is named that needs it")
    func noHome() {
        let fault = Misuse("HOME is not set, and ~/Rookery needs it: give the folder in full")
        #expect(throws: fault) { try PeerConfiguration(Settings(), home: HomeFolder(nil)) }
        #expect(throws: fault) { try PeerConfiguration(Settings(), home: HomeFolder([])) }
    }
}
