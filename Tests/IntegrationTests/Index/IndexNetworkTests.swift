import P2PProtocol
import TestSupport
import Testing

/// What only a network can do: packets whose sender is nobody, and a line that is cut without a word. The index and its
/// clients run in network namespaces of their own, so that nothing of it leaves them.
@Suite struct IndexNetworkTests {
    @Test("[attack A11] a flood of half-open connections keeps nobody out", .enabled(if: Self.hasNamespaces))
    func halfOpen() throws {
        try Self.run("flood", Tool.isLongRun ? "1000000" : "20000")
    }

    @Test(
        "[attack A12] a peer whose line is cut goes with its lease, its connection by keepalive",
        .enabled(if: Self.hasNamespaces))
    func cutLine() throws {
        // Keepalive takes a minute and a half to be sure.
        try Self.run("cut", Tool.isLongRun ? "closed" : "lease")
    }

    @Test("[attack A12] the kernel looks after every connection that is silent")
    func keepalive() throws {
        try IndexFixture.run { index in
            let client = try index.client()
            let own = try client.ask("CLIENT INFO").text
            let port = try #require(own.firstMatch(of: #/ addr=127\.0\.0\.1:(\d+) /#).flatMap { Int($0.1) })
            let (near, far) = (Self.hex(index.port), Self.hex(port))
            try TestClock.wait(for: "keepalive timer") {
                let table = String(decoding: ScratchFolder.read("/proc/net/tcp") ?? [], as: UTF8.self)
                // The second field of the timer is 2 for keepalive.
                return table.contains(try Regex("0100007F:\(near) 0100007F:\(far) 01 \\S+ 02:"))
            }
        }
    }

    private static let hasNamespaces =
        Tool.python.isInstalled
        && (try? ChildProcess.run("/usr/bin/unshare", ["-rn", "ip", "link", "add", "type", "veth"]))?.code == 0

    private static func hex(_ port: Int) -> String {
        let digits = String(port, radix: 16, uppercase: true)
        return String(repeating: "0", count: 4 - digits.count) + digits
    }

    private static func run(_ what: String, _ amount: String) throws {
        let scratch = try ScratchFolder()
        let program = "\(ChildProcess.productsFolder)/index-server"
        let end = try ChildProcess.run(
            "/usr/bin/unshare",
            ["-rn", Tool.python.path, "-c", script, program, scratch.file("state"), what, amount], within: 300)
        #expect(end.code == 0, "\(String(decoding: end.errors.suffix(2_000), as: UTF8.self))")
        #expect(String(decoding: end.output, as: UTF8.self).hasSuffix("done\n"))
    }

    /// The near side: the index and a canary. The far side is started by it, in a namespace at the end of a cable.
    private static let script = #"""
        import re, socket, struct, subprocess, sys, time

        def sh(*words):
            subprocess.run(words, check=True)

        def far_side(what, amount):
            print("ready", flush=True)
            port = int(input())
            sh("ip", "address", "add", "10.9.0.2/24", "dev", "far")
            sh("ip", "link", "set", "far", "up")
            if what == "cut":
                peer = socket.create_connection(("10.9.0.1", port), 10)
                peer.sendall(b"REG * * 9001 LEASE 2 NAMES silent\r\n")
                print("registered" if peer.recv(4096).startswith(b"*16\r\n") else "refused", flush=True)
                input()
                sh("ip", "link", "set", "far", "down")
                print("cut", flush=True)
                input()
                return
            raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
            to = socket.inet_aton("10.9.0.1")
            for number in range(int(amount)):
                source = bytes([10, 9, 0, 3 + number % 200])
                def segment(checksum):
                    return struct.pack("!HHIIBBHHH", 1024 + number // 200 % 60000, port, number, 0, 5 << 4, 2, 1024, checksum, 0)
                words = struct.unpack("!16H", source + to + struct.pack("!HH", 6, 20) + segment(0))
                total = sum(words)
                total = (total & 0xFFFF) + (total >> 16)
                checksum = 0xFFFF - ((total & 0xFFFF) + (total >> 16))
                head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 40, 0, 0, 64, 6, 0, source, to)
                try:
                    raw.sendto(head + segment(checksum), ("10.9.0.1", 0))
                except OSError:
                    pass
            print("sent", flush=True)
            input()

        def ask(client, line):
            client.sendall(line.encode() + b"\r\n")
            return client.recv(1 << 16).decode()

        def wait(what, seconds, condition):
            end = time.monotonic() + seconds
            while not condition():
                assert time.monotonic() < end, "no " + what
                time.sleep(0.01)

        def near_side(program, state, what, amount):
            sh("ip", "link", "set", "lo", "up")
            far = subprocess.Popen(
                ["unshare", "-n", sys.executable, "-c", SOURCE, "far", what, amount],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            def tell(line, answer):
                far.stdin.write(f"{line}\n")
                far.stdin.flush()
                if answer: assert far.stdout.readline() == answer + "\n"
            assert far.stdout.readline() == "ready\n"
            sh("ip", "link", "add", "near", "type", "veth", "peer", "name", "far")
            sh("ip", "link", "set", "far", "netns", str(far.pid))
            sh("ip", "address", "add", "10.9.0.1/24", "dev", "near")
            sh("ip", "link", "set", "near", "up")
            index = subprocess.Popen(
                [program, "--ip", "10.9.0.1", "--port", "0", "--accounts", "open", "--dir", state],
                stdout=subprocess.PIPE, text=True)
            try:
                port = int(index.stdout.readline().split(":")[-1])
                canary = socket.create_connection(("10.9.0.1", port), 10)
                assert ask(canary, "PING") == "+PONG\r\n"
                if what == "cut":
                    tell(port, "registered")
                    assert ask(canary, "PEERS").startswith("*1\r\n")
                    tell("now", "cut")
                    wait("end of the lease", 20, lambda: ask(canary, "PEERS") == "*0\r\n")
                    assert "connected_clients:2\r\n" in ask(canary, "INFO clients")
                    if amount == "closed":
                        wait("end of the connection", 150,
                             lambda: "connected_clients:1\r\n" in ask(canary, "INFO clients"))
                else:
                    tell(port, None)
                    half_open = lambda: len(re.findall(r" 03 0", open("/proc/net/tcp").read()))
                    wait("half-open connections", 20, lambda: half_open() > 100)
                    for _ in range(20):
                        assert ask(canary, "PING") == "+PONG\r\n"
                        with socket.create_connection(("10.9.0.1", port), 10) as other:
                            assert ask(other, "PING") == "+PONG\r\n"
                    assert far.stdout.readline() == "sent\n"
                    with socket.create_connection(("10.9.0.1", port), 10) as other:
                        assert ask(other, "PING") == "+PONG\r\n"
                    wait("only the canary", 20, lambda: "connected_clients:1\r\n" in ask(canary, "INFO clients"))
                tell("end", None)
            finally:
                index.terminate()
                far.kill()
            assert index.wait(20) == 0
            print("done", flush=True)

        far_side(*sys.argv[2:]) if sys.argv[1] == "far" else near_side(*sys.argv[1:])
        """#
        .replacing("SOURCE, ", with: "open('/proc/self/cmdline').read().split('\\0')[2], ")
}
