internal import P2PProtocol
internal import P2PRuntime

/// `peer status`: how the running peer is doing.
struct StatusCommand {
    let configuration: PeerConfiguration
    let loop: EventLoop
    let isJSON: Bool

    func run() async throws -> ExitCode {
        guard let client = try await ControlClient.find(configuration, on: loop) else { return try runAlone() }
        let document = try await client.ask(.status)
        if isJSON {
            StandardOutput.write(document.encoded() + [UInt8(ascii: "\n")])
        } else {
            StandardOutput.write(StatusReport.text(document))
        }
        return .done
    }

    /// `peer status --rare`: the files of which nobody else has a copy.
    func showRare() async throws -> ExitCode {
        guard let client = try await ControlClient.find(configuration, on: loop) else {
            complain("no peer is running with its state in \(display(configuration.stateFolder)): start peer daemon")
            return .failed
        }
        let document = try await client.ask(.rare)
        for complaint in Inquiry.complaints(document) { complain(complaint) }
        if isJSON {
            StandardOutput.write(document.encoded() + [UInt8(ascii: "\n")])
        } else if let asked = document["asked"]?.integer, let files = document["files"]?.array {
            StandardOutput.write(RareFiles.text(document))
            complain("\(files.count) of \(asked) files have no copy with anybody who is connected")
        }
        return Inquiry.isAnswered(document) ? .done : .failed
    }

    /// What can be said where none is running.
    private func runAlone() throws -> ExitCode {
        let state = try PeerState(configuration.stateFolder)
        let kept = try TransferStore.open(in: state).kept
        let counts = StatusReport.counts(TransferReport.list(kept, in: kept, at: .now))
        if isJSON {
            let document = JSON.object([JSON.Member("process", .null), JSON.Member("transfers", counts)])
            StandardOutput.write(document.encoded() + [UInt8(ascii: "\n")])
        } else {
            StandardOutput.write(StatusReport.text(ofCounts: counts))
        }
        complain("no peer is running with its state in \(display(configuration.stateFolder))")
        return .failed
    }
}
