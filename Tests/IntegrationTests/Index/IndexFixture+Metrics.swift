import P2PProtocol
import TestSupport

extension IndexFixture {
    /// A number of `/metrics`, by its name and labels; 0 where it is not there.
    func metric(_ name: String) throws -> Int {
        let text = String(decoding: try IndexAPITests.ask(self, "/metrics").body, as: UTF8.self)
        let line = text.split(separator: "\n").first { $0.hasPrefix(name + " ") }
        return line.flatMap { Int($0.dropFirst(name.utf8.count + 1)) } ?? 0
    }

    /// How often a limit was reached.
    func reached(_ limit: String) throws -> Int {
        try metric("rookery_index_limit_total{limit=\"\(limit)\"}")
    }

    /// How many commands have been answered, as somebody is told who asks.
    func processedCommands(_ client: WireClient) throws -> Int {
        let text = try client.ask("INFO stats").text
        return text.firstMatch(of: #/total_commands_processed:(\d+)/#).flatMap { Int($0.1) } ?? 0
    }
}
