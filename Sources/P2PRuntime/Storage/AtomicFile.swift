internal import CLinux
internal import Glibc
package import P2PProtocol

/// Saves a whole file so that after any crash there is the old one or the new one, never half of either.
package enum AtomicFile {
    /// Writes beside the target, brings that to the disk, and only then gives it the target's name.
    package static func save(_ bytes: Bytes, to path: Bytes, mode: UInt32 = 0o600) throws(SystemError) {
        let draft = path + Bytes(ascii: ".new-") + Hex.encode(try RandomBytes.make(8))
        do throws(SystemError) {
            try write(bytes, to: draft, mode: mode)
            try rename(draft, to: path)
        } catch {
            // A draft that is left behind would be nobody's.
            if let terminated = try? Path.terminated(draft) { unlink(terminated) }
            throw error
        }
        try syncFolder(Path.parent(of: path))
    }

    /// A whole file; nil when it is not there, or larger.
    package static func load(_ path: Bytes, atMost limit: Int) -> Bytes? {
        guard let file = try? Descriptor.openFile(path), let size = try? file.status().identity.size, size <= limit
        else { return nil }
        var text = Bytes(repeating: 0, count: size)
        guard let count = try? text.withUnsafeMutableBytes({ try file.read(into: $0, at: 0) }) else { return nil }
        return Bytes(text[..<count])
    }

    /// Makes what happened to a folder's names durable.
    package static func syncFolder(_ path: Bytes) throws(SystemError) {
        let folder = try Descriptor.open(path, O_RDONLY | O_DIRECTORY)
        try folder.sync()
        try folder.close()
    }

    private static func write(_ bytes: Bytes, to path: Bytes, mode: UInt32) throws(SystemError) {
        let file = try Descriptor.open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: mode)
        try file.write(bytes, at: 0)
        try file.sync()
        try file.close()
    }

    private static func rename(_ draft: Bytes, to path: Bytes) throws(SystemError) {
        let (from, to) = (try Path.terminated(draft), try Path.terminated(path))
        try SystemCall.require("rename", on: Path.display(path)) { Glibc.rename(from, to) }
    }
}
