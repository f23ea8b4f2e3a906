internal import P2PProtocol
internal import P2PRuntime

/// Ends the program with a line that says why.
@Sendable func fail(_ error: any Error) -> Never {
    complain("\(error)")
    Process.exit((error is Misuse ? ExitCode.misuse : ExitCode.failed).rawValue)
}

do {
    switch try Program.peer.start(arguments: Process.arguments, environment: Process.environment) {
    case .print(let text):
        StandardOutput.write(text)
    case .run(let invocation, let settings):
        let program = try PeerProgram(invocation, settings)
        // Before any thread, which inherit them blocked. The main thread keeps them so and only sleeps: a main that
        // awaits would let go of them.
        let signals = program.endsInOrder ? try Signals() : nil
        Task.detached {
            do { Process.exit(try await program.run(signals).rawValue) } catch { fail(error) }
        }
        Process.sleepForEver()
    }
} catch {
    fail(error)
}
