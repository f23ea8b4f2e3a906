internal import Glibc
package import P2PProtocol

/// An `index-server` of a test: a real process on a free port, its state in a scratch folder.
package final class IndexFixture {
    package let process: ChildProcess
    package let port: Int
    package let scratch: ScratchFolder

    /// Starts one and waits until it is ready. A second one may go on with the `scratch` of a first.
    package init(_ flags: [String] = [], scratch: ScratchFolder? = nil, environment: [String: String] = [:]) throws {
        let scratch = try scratch ?? ScratchFolder()
        let port = flags.contains("--port") ? [] : ["--port", "0"]
        let state = flags.contains("--dir") ? [] : ["--dir", scratch.file("state")]
        self.scratch = scratch
        process = try ChildProcess(
            "index-server", port + state + flags, environment: environment, folder: scratch.path)
        let line = try process.firstLine()
        guard line.hasPrefix("index-server listening on "), let number = line.split(separator: ":").last,
            let port = Int(number)
        else { throw TestFailure("no listening line: \(line)") }
        self.port = port
    }

    /// Runs `body` with an index, then ends it: with code 0, its port free, nothing foreign left in its state.
    package static func run(_ flags: [String] = [], _ body: (IndexFixture) throws -> Void) throws {
        let index = try IndexFixture(flags)
        try body(index)
        try index.stop()
    }

    package func client(from source: String? = nil) throws -> WireClient { try WireClient(port: port, from: source) }

    /// Registers a connection of its own with `names`; the connection is the registration.
    package func sharer(_ names: [String], port: Int = 9_001) throws -> WireClient {
        let client = try client()
        let reply = try client.command(["REG", "*", "*", "\(port)", "NAMES"] + names)
        guard reply["id"]?.integer != nil else { throw TestFailure("REG answered \(reply.text)") }
        return client
    }

    /// Waits until the answer to `line` is as it should be: for what happens on another connection.
    package func wait(for line: String, _ isRight: (Reply) -> Bool) throws {
        let client = try client()
        try TestClock.wait(for: "right answer to \(line)") { isRight(try client.ask(line)) }
    }

    /// KiB of memory that are in use now, and that were at the most.
    package var residentKiB: Int { get throws { try status("VmRSS:") } }
    package var peakKiB: Int { get throws { try status("VmHWM:") } }

    /// Hundredths of a second that its threads have run, all together: what others do on the machine is not in it.
    package var processorTicks: Int {
        get throws {
            let text = String(decoding: ScratchFolder.read("/proc/\(process.pid)/stat") ?? [], as: UTF8.self)
            let fields = text.split(separator: " ")
            guard fields.count > 15, let user = Int(fields[13]), let system = Int(fields[14]) else {
                throw TestFailure("no times of process \(process.pid)")
            }
            return user + system
        }
    }

    /// Descriptors that it holds.
    package var openDescriptors: Int { ScratchFolder.list("/proc/\(process.pid)/fd").count }

    package func kill() throws {
        process.signal(SIGKILL)
        try process.exitCode()
    }

    /// Ends it as an operator does.
    package func stop(with signal: Int32 = SIGTERM) throws {
        process.signal(signal)
        let code = try process.exitCode()
        guard code == 0 else { throw TestFailure("ended with \(code)\n\(process.errorText.suffix(4_000))") }
        guard (try? WireClient(port: port)) == nil else { throw TestFailure("port \(port) is still taken") }
        let files = ScratchFolder.list(scratch.file("state"))
        let known = [
            "lock", "ids", "identity.pem", "registry.sqlite", "metadata.sqlite", "lists.sqlite", "accounts.sqlite",
        ]
        guard Set(files).isSubset(of: known) else {
            throw TestFailure("left over: \(files)")
        }
    }

    private func status(_ field: String) throws -> Int {
        let text = String(decoding: ScratchFolder.read("/proc/\(process.pid)/status") ?? [], as: UTF8.self)
        let line = text.split(separator: "\n").first { $0.hasPrefix(field) }
        guard
            let value = line?.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap({ Int($0) })
        else { throw TestFailure("no \(field) of process \(process.pid)") }
        return value
    }
}
