internal import P2PProtocol

extension IndexFixture {
    /// An index that takes members only: `ann` administrates, `bob` does not; both have the password `swordfish`.
    /// Everything else that a test needs of one stands in `flags` and `limits`.
    package static func closed(_ flags: [String] = [], limits: [String: String] = [:]) throws -> IndexFixture {
        let scratch = try ScratchFolder()
        try add("ann", ["--admin"], in: scratch)
        try add("bob", in: scratch)
        let environment = Dictionary(
            uniqueKeysWithValues: limits.map { ("ROOKERY_INDEX_LIMITS_\($0.key)", $0.value) })
        return try IndexFixture(["--accounts", "closed"] + flags, scratch: scratch, environment: environment)
    }

    /// Makes an account in the state of an index that does not run.
    package static func add(_ name: String, _ flags: [String] = [], in scratch: ScratchFolder) throws {
        let arguments = ["user", "add", name, "--password-file", "/dev/stdin", "--dir", scratch.file("state")]
        let result = try ChildProcess.run("index-server", arguments + flags, input: Bytes(ascii: "swordfish\n"))
        guard result.code == 0 else { throw TestFailure(String(decoding: result.errors, as: UTF8.self)) }
    }

    /// A connection that has logged in.
    package func member(_ name: String = "bob") throws -> WireClient {
        let client = try client()
        let reply = try client.command(["AUTH", name, "swordfish"])
        guard reply.text == "+OK" else { throw TestFailure("AUTH answered \(reply.text)") }
        return client
    }
}
