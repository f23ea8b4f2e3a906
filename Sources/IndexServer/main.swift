internal import P2PProtocol
internal import P2PRuntime

do {
    // Before any thread: threads inherit the blocked signals.
    let signals = try Signals()
    switch try Program.indexServer.start(arguments: Process.arguments, environment: Process.environment) {
    case .print(let text):
        StandardOutput.write(text)
    case .run(let invocation, let settings):
        let configuration = try IndexConfiguration(
            settings, home: HomeFolder(environment: Process.environment))
        switch invocation.verb {
        case "check-config": StandardOutput.write("the configuration is right\n")
        case "user": try UserCommand(invocation: invocation, configuration: configuration).run()
        case "invite": try InviteCommand(invocation: invocation, configuration: configuration).run()
        default:
            try IndexProgram(
                configuration: configuration, settings: settings,
                isDefaultFolder: settings.layer(of: IndexSettings.dir) == .builtIn,
                signals: signals
            ).start()
            Process.sleepForEver()
        }
    }
} catch let misuse as Misuse {
    StandardError.write("index-server: \(misuse)\n")
    Process.exit(ExitCode.misuse.rawValue)
} catch {
    StandardError.write("index-server: \(error)\n")
    Process.exit(ExitCode.failed.rawValue)
}
