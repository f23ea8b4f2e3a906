internal import CLinux
internal import Glibc
package import P2PProtocol

extension Process {
    /// What stands on the command line after the program's name, byte for byte.
    package static var arguments: [Bytes] {
        (1..<max(1, Int(CommandLine.argc))).compactMap { index in CommandLine.unsafeArgv[index].map(bytes) }
    }

    /// Every environment variable, byte for byte.
    package static var environment: [(name: Bytes, value: Bytes)] {
        guard var entry = clinux_environment() else { return [] }
        var variables: [(name: Bytes, value: Bytes)] = []
        while let text = entry.pointee {
            let parts = bytes(text).split(
                separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { variables.append((Bytes(parts[0]), Bytes(parts[1]))) }
            entry += 1
        }
        return variables
    }

    private static func bytes(_ text: UnsafeMutablePointer<CChar>) -> Bytes {
        Bytes(UnsafeRawBufferPointer(start: text, count: strlen(text)))
    }
}
