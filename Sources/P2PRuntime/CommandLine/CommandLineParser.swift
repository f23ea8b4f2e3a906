package import P2PProtocol

/// Turns arguments into an invocation, by a program's table alone. Flags may stand anywhere before `--`, as
/// `--flag value` or `--flag=value`.
package struct CommandLineParser {
    private let program: Program
    private var verb: Verb?
    private var operands: [Bytes] = []
    private var values: [String: [Bytes]] = [:]

    private init(_ program: Program) { self.program = program }

    /// The arguments without the program's own name.
    package static func parse(_ arguments: [Bytes], for program: Program) throws(Misuse) -> Invocation {
        var parser = CommandLineParser(program)
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            if argument == Bytes(ascii: "--") {
                for operand in rest { try parser.take(operand: operand) }
                break
            }
            if parser.isFlag(argument) {
                try parser.take(flag: argument, &rest)
            } else {
                try parser.take(operand: argument)
            }
        }
        return try parser.finish()
    }

    /// One dash alone means standard input by custom, and a query's word may begin with one.
    private func isFlag(_ argument: Bytes) -> Bool {
        guard argument.first == Self.dash, argument.count > 1 else { return false }
        return argument[1] == Self.dash || argument == Bytes(ascii: "-h") || verb?.operands.areQuery != true
    }

    private mutating func take(flag argument: Bytes, _ rest: inout ArraySlice<Bytes>) throws(Misuse) {
        let parts = argument.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
        let typed = Bytes(parts[0])
        let name = typed == Bytes(ascii: "-h") ? Flag.help.name : String(decoding: typed, as: UTF8.self)
        guard let flag = program.allFlags.first(where: { $0.name == name }) else {
            throw misuse(Suggestion.unknown("flag", typed, among: program.allFlags.map(\.name)))
        }
        let attached = parts.count == 2 ? Bytes(parts[1]) : nil
        guard let placeholder = flag.placeholder else {
            guard attached == nil else { throw misuse("\(name) takes no value") }
            values[name] = []
            return
        }
        guard let value = attached ?? Self.value(in: &rest) else {
            throw misuse("\(name) needs a value: \(placeholder)")
        }
        values[name, default: []].append(value)
    }

    /// The next argument, unless it is plainly another flag (`--flag=--value` says that it is not).
    private static func value(in rest: inout ArraySlice<Bytes>) -> Bytes? {
        guard let next = rest.first, !next.starts(with: [dash, dash]) else { return nil }
        return rest.popFirst()
    }

    private mutating func take(operand: Bytes) throws(Misuse) {
        guard verb == nil else { return operands.append(operand) }
        guard let found = program.verb(String(decoding: operand, as: UTF8.self)) else {
            throw misuse(
                Suggestion.unknown("command", operand, among: program.verbs.flatMap { [$0.name] + $0.aliases }))
        }
        verb = found
    }

    private func finish() throws(Misuse) -> Invocation {
        guard let chosen = verb ?? program.verbs.first else { throw misuse("no command") }
        let invocation = Invocation(
            verb: chosen.name, isVerbImplied: verb == nil, operands: operands, values: values)
        // Whoever asks for help is not told what else is wrong.
        if invocation.has(Flag.help.name) || invocation.has(Flag.version.name) { return invocation }
        let known = program.flags + program.serviceFlags + chosen.flags
        if let alien = values.keys.sorted().first(where: { name in !known.contains { $0.name == name } }) {
            throw misuse("\(alien) is not a flag of \(program.name) \(chosen.name)", chosen)
        }
        guard operands.count >= chosen.operands.count.lowerBound else {
            throw misuse("\(chosen.name) needs \(chosen.operands.placeholder)", chosen)
        }
        if operands.count > chosen.operands.count.upperBound {
            let extra = Misuse.shown(operands[chosen.operands.count.upperBound])
            throw misuse(
                "\(chosen.name) does not know what to do with \(extra)", chosen)
        }
        return invocation
    }

    private func misuse(_ fault: String, _ verb: Verb? = nil) -> Misuse {
        let command = (verb ?? self.verb).map { "\(program.name) \($0.name)" } ?? program.name
        return Misuse("\(fault); see \(command) --help")
    }

    private static let dash = UInt8(ascii: "-")
}
