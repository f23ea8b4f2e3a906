internal import P2PRuntime

extension PeerProgram {
    /// `peer stream`.
    func stream(_ signals: Signals?) async throws -> ExitCode {
        let order = try StreamOrder(invocation)
        let loop = try loop
        if let client = try await ControlClient.find(configuration, on: loop) {
            signals?.serve(on: loop) { _ in
                StatusLine.clear()
                Process.exit(ExitCode.done.rawValue)
            }
            return try await StreamThroughPeer(client: client, order: order).run()
        }
        _ = try configuration.requiredServers
        let manner = PeerApplication.Manner(ports: [0], isSharing: false, target: order.file.target)
        let application = try PeerApplication(configuration, manner, log: try log(onStandardError: false))
        application.watch(signals, endingWith: .done)
        let code = await StreamCommand(application: application, order: order).run()
        await application.leave()
        return code
    }
}
