internal import P2PProtocol
internal import P2PRuntime

/// Where a new password comes from: a file, or a person who types it twice. Never the command line, which everybody on
/// the machine can read.
enum NewPassword {
    static func ask(file: Bytes?) throws -> Bytes {
        let password: Bytes
        if let file {
            password = try SecretFile.read(file)
        } else {
            guard Terminal.isInteractive else {
                throw Misuse("no terminal to ask for a password: give --password-file")
            }
            guard let first = Terminal.askSecret("password: "), let second = Terminal.askSecret("again: ") else {
                throw IndexFailure("no password, nothing changed")
            }
            guard first == second else { throw IndexFailure("the two passwords differ, nothing changed") }
            password = first
        }
        if let fault = Password.fault(in: password) { throw IndexFailure(fault) }
        return password
    }
}
