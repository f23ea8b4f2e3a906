import Glibc
import P2PProtocol
import TestSupport

/// A peer whose queue is looked at through the command line.
struct TransferScene {
    let scratch: ScratchFolder
    let index: IndexFixture
    let folder: String

    init() throws {
        scratch = try ScratchFolder()
        index = try IndexFixture()
        folder = scratch.file("you")
    }

    func daemon(_ flags: [String] = []) throws -> PeerFixture {
        try PeerFixture.daemon(at: index, in: folder, flags)
    }

    /// Runs `peer VERB… --dir` for this peer, with the servers that it has.
    @discardableResult
    func run(_ arguments: String..., code: Int32 = 0) throws -> String {
        let result = try PeerFixture.run(arguments, at: [index], in: folder)
        guard result.code == code else {
            throw TestFailure("\(arguments) ended with \(result.code)\n\(result.text)\n\(result.complaints)")
        }
        return result.text
    }

    /// Orders and does not wait for the end.
    func order(_ arguments: String...) throws -> ChildProcess {
        try PeerFixture.start(["get"] + arguments, at: [index], in: folder)
    }

    /// The queue as `peer transfers --json` has it.
    func transfers() throws -> [JSON] {
        let text = try run("transfers", "--json")
        return try JSON.parse(Bytes(text.utf8))["transfers"]?.array ?? []
    }

    /// The state of each by name.
    func states() throws -> [String: String] {
        Dictionary(
            try transfers().map { (Self.text($0, "name"), Self.text($0, "state")) }, uniquingKeysWith: { $1 })
    }

    /// The names of those that are not done, in their order.
    func order() throws -> [String] {
        try transfers().filter { $0["place"]?.integer != nil }.map { Self.text($0, "name") }
    }

    func wait(for state: String, of name: String, within seconds: Double = 30) throws {
        try TestClock.wait(for: "\(name) \(state)", within: seconds) { try states()[name] == state }
    }

    func number(of name: String) throws -> String {
        let transfer = try transfers().first { Self.text($0, "name") == name }
        guard let number = transfer?["number"]?.integer else { throw TestFailure("no transfer \(name)") }
        return "\(number)"
    }

    func file(_ name: String) -> String { "\(folder)/\(name)" }

    static func text(_ json: JSON, _ key: StaticString) -> String {
        String(decoding: json[key]?.string ?? [], as: UTF8.self)
    }
}
