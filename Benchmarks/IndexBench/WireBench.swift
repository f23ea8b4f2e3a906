import Glibc
import P2PProtocol
import P2PRuntime
import TestSupport

/// Whole commands against a running server, ours or another one that speaks the same protocol.
enum WireBench {
    /// One after another over one connection: what one person waits for.
    static func ask(port: Int, _ commands: TextFile, report: (String, Double) -> Void) throws {
        let client = try LightClient(port: port)
        var times: [Double] = []
        for request in commands.lines.map(LightClient.request) {
            let start = Moment.now
            try client.send(request)
            while try !client.receive() {}
            times.append(Moment.now.since(start).inSeconds * 1e6)
        }
        times.sort()
        report("p50", times.isEmpty ? 0 : times[times.count / 2])
        report("p99", times.isEmpty ? 0 : times[times.count * 99 / 100])
    }

    /// Over many connections at once, one command on each at a time: what the server can do.
    static func load(
        port: Int, _ commands: TextFile, connections: Int, seconds: Int, report: (String, Double) -> Void
    ) throws {
        let requests = commands.lines.map(LightClient.request)
        let clients = try (0..<connections).map { _ in try LightClient(port: port) }
        var polled = clients.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
        var (sent, answered) = (0, 0)
        let start = Moment.now
        for client in clients {
            try client.send(requests[sent % requests.count])
            sent += 1
        }
        while Moment.now.since(start) < .seconds(seconds) {
            guard poll(&polled, UInt(polled.count), 1_000) > 0 else { throw TestFailure("the server is silent") }
            for place in polled.indices where polled[place].revents != 0 {
                guard try clients[place].receive() else { continue }
                answered += 1
                try clients[place].send(requests[sent % requests.count])
                sent += 1
            }
        }
        report("requests/s", Double(answered) / Moment.now.since(start).inSeconds)
    }
}
