package import P2PProtocol

/// What a program is to do, once the command line, the environment and the file have been read.
package enum Start: Sendable {
    /// Print this on standard output, and end well.
    case print(Bytes)
    case run(Invocation, Settings)
}

extension Program {
    /// Reads everything that says how to run: what `main` does first. `--help` and `--version` come before any fault
    /// in the configuration.
    package func start(arguments: [Bytes], environment: [(name: Bytes, value: Bytes)]) throws(Misuse) -> Start {
        let invocation = try CommandLineParser.parse(arguments, for: self)
        if invocation.has(Flag.help.name) { return .print(Array(help(on: invocation).utf8)) }
        if invocation.has(Flag.version.name) { return .print(Array("\(name) \(Version.current)\n".utf8)) }
        var settings = try Settings(file: ConfigurationFile.find(invocation.value(of: Flag.config.name)))
        try settings.apply(environment: environment)
        for flag in flags + serviceFlags where invocation.has(flag.name) {
            guard let setting = flag.setting else { continue }
            try settings.apply(flag: flag.name, for: setting, values: invocation.values(of: flag.name))
        }
        return invocation.has(Flag.printConfig.name) ? .print(settings.document) : .run(invocation, settings)
    }

    private func help(on invocation: Invocation) -> String {
        guard !invocation.isVerbImplied, let verb = verb(invocation.verb) else { return HelpText.page(for: self) }
        return HelpText.page(for: verb, of: self)
    }
}
