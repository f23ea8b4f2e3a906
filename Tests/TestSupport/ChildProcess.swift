internal import CTestSupport
internal import Glibc
package import P2PProtocol

/// A real process of a test: its input, its output as it comes, its end. Killed, if still there, when the test is done.
package final class ChildProcess {
    package let pid: Int32
    private let input: Int32
    private let output: Int32
    private let errors: Int32
    private var isInputOpen = true
    private var status: Int32?
    /// Everything that came on standard output, and on standard error.
    package private(set) var printed = Bytes()
    package private(set) var complained = Bytes()

    /// Where the products of this build are: beside the running test binary.
    package static let productsFolder: String = {
        var buffer = [CChar](repeating: 0, count: 4_096)
        let count = max(0, readlink("/proc/self/exe", &buffer, buffer.count - 1))
        let path = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return path.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 }
    }()

    /// Starts one of our programs (`index-server`, `peer`), or a tool by its full path.
    package init(_ program: String, _ arguments: [String], environment: [String: String] = [:], folder: String? = nil)
        throws
    {
        let path = program.hasPrefix("/") ? program : "\(Self.productsFolder)/\(program)"
        let (toChild, fromChild, errorsOfChild) = (try Self.pipe(), try Self.pipe(), try Self.pipe())
        pid = try Self.spawn(
            path, arguments, environment, folder, [toChild.read, fromChild.write, errorsOfChild.write])
        for end in [toChild.read, fromChild.write, errorsOfChild.write] { close(end) }
        (input, output, errors) = (toChild.write, fromChild.read, errorsOfChild.read)
        for end in [output, errors] { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
    }

    deinit {
        if status == nil {
            kill(pid, SIGKILL)
            var ignored: Int32 = 0
            waitpid(pid, &ignored, 0)
        }
        closeInput()
        close(output)
        close(errors)
    }

    package var text: String { String(decoding: printed, as: UTF8.self) }
    package var errorText: String { String(decoding: complained, as: UTF8.self) }
    package var isRunning: Bool { reap(); return status == nil }

    /// Types a line.
    package func type(_ line: String) {
        send(Array((line + "\n").utf8))
    }

    package func send(_ bytes: Bytes) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { write(input, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            sent += count
        }
    }

    /// End of input, as Ctrl-D gives it.
    package func closeInput() {
        guard isInputOpen else { return }
        isInputOpen = false
        close(input)
    }

    package func signal(_ number: Int32) { kill(pid, number) }

    /// Waits until `text` has been printed `times` times on standard output (or standard error, with `onError`).
    package func expect(_ text: String, times: Int = 1, onError: Bool = false, within seconds: Double = 20) throws {
        try wait(for: "'\(text)'", within: seconds) {
            Self.count(Array(text.utf8), in: onError ? complained : printed) >= times
        }
    }

    /// Whether it has said something on standard error by now.
    package func hasSaid(_ text: String) throws -> Bool {
        drain()
        return Self.count(Array(text.utf8), in: complained) > 0
    }

    /// Waits until something holds of all that it has printed.
    package func expect(_ what: String, within seconds: Double = 20, that isRight: (String) -> Bool) throws {
        try wait(for: what, within: seconds) { isRight(text) }
    }

    /// Types a line and waits until `ending` is the last that is printed; what was printed in between.
    package func answer(to line: String, until ending: String = "> ", within seconds: Double = 20) throws -> String {
        let start = printed.count
        type(line)
        try wait(for: "'\(ending)' at the end", within: seconds) {
            printed.count > start && printed.suffix(ending.utf8.count).elementsEqual(ending.utf8)
        }
        return String(decoding: printed[start...].dropLast(ending.utf8.count), as: UTF8.self)
    }

    /// The first whole line of standard output.
    package func firstLine(within seconds: Double = 20) throws -> String {
        try wait(for: "a first line", within: seconds) { printed.contains(UInt8(ascii: "\n")) }
        return String(decoding: printed.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }

    /// Waits for the end; the exit code, or minus the signal that ended it.
    @discardableResult
    package func exitCode(within seconds: Double = 20) throws -> Int32 {
        try wait(for: "the end of the process", within: seconds, evenWhenOver: true) { status != nil }
        drain()
        guard let status else { throw TestFailure("no status") }
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : -(status & 0x7F)
    }

    /// Runs a program to its end.
    package static func run(
        _ program: String, _ arguments: [String], input: Bytes = [], environment: [String: String] = [:],
        within seconds: Double = 60
    ) throws -> (code: Int32, output: Bytes, errors: Bytes) {
        let process = try ChildProcess(program, arguments, environment: environment)
        process.send(input)
        process.closeInput()
        let code = try process.exitCode(within: seconds)
        return (code, process.printed, process.complained)
    }

    // MARK: -

    private func wait(for what: String, within seconds: Double, evenWhenOver: Bool = false, _ condition: () -> Bool)
        throws
    {
        let deadline = Self.now() + seconds
        while true {
            drain()
            reap()
            if condition() { return }
            if status != nil, !evenWhenOver {
                drain()
                if condition() { return }
                throw TestFailure("ended (status \(status ?? 0)) before \(what)\n\(report)")
            }
            guard Self.now() < deadline else { throw TestFailure("no \(what) within \(seconds) s\n\(report)") }
            var polled = [
                pollfd(fd: output, events: Int16(POLLIN), revents: 0),
                pollfd(fd: errors, events: Int16(POLLIN), revents: 0),
            ]
            if poll(&polled, 2, 20) > 0, polled.allSatisfy({ $0.revents & Int16(POLLIN) == 0 }) {
                // Both ends are closed: only the process's end can still come, so do not spin.
                poll(nil, 0, 5)
            }
        }
    }

    private var report: String { "--- stdout\n\(text.suffix(4_000))\n--- stderr\n\(errorText.suffix(4_000))" }

    private func drain() {
        Self.drain(output, into: &printed)
        Self.drain(errors, into: &complained)
    }

    private static func drain(_ descriptor: Int32, into bytes: inout Bytes) {
        var buffer = Bytes(repeating: 0, count: 1 << 16)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return }
            bytes += buffer[..<count]
        }
    }

    private func reap() {
        guard status == nil else { return }
        var value: Int32 = 0
        if waitpid(pid, &value, WNOHANG) == pid { status = value }
    }

    private static func pipe() throws -> (read: Int32, write: Int32) {
        var ends: [Int32] = [0, 0]
        guard ctest_pipe(&ends) == 0 else { throw TestFailure("pipe: \(errno)") }
        return (ends[0], ends[1])
    }

    private static func spawn(
        _ path: String, _ arguments: [String], _ extra: [String: String], _ folder: String?, _ standard: [Int32]
    ) throws -> pid_t {
        var pairs = extra
        for name in ["PATH", "HOME", "LANG"] where pairs[name] == nil {
            if let value = getenv(name) { pairs[name] = String(cString: value) }
        }
        let argv = ([path] + arguments).map { strdup($0) } + [nil]
        let environment = pairs.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (argv + environment).forEach { free($0) } }
        var pid: pid_t = 0
        let code = ctest_spawn(&pid, path, argv, environment, folder, standard[0], standard[1], standard[2])
        guard code == 0 else { throw TestFailure("cannot start \(path): \(String(cString: strerror(code)))") }
        return pid
    }

    private static func count(_ needle: Bytes, in bytes: Bytes) -> Int {
        guard !needle.isEmpty, bytes.count >= needle.count else { return 0 }
        var (count, index) = (0, 0)
        while index <= bytes.count - needle.count {
            if bytes[index] == needle[0], bytes[index..<(index + needle.count)].elementsEqual(needle) {
                count += 1
                index += needle.count
            } else {
                index += 1
            }
        }
        return count
    }

    private static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
