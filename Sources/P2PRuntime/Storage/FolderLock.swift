internal import Glibc
package import P2PProtocol

/// A folder held by this process until it ends, however it ends: the kernel gives the lock up with the process.
package struct FolderLock: ~Copyable, Sendable {
    /// Another process holds it.
    package struct Held: Error, CustomStringConvertible {
        /// Its process number, as it wrote it into the file; 0 when that cannot be read.
        package let holder: Int
        package var description: String { "in use by process \(holder)" }
    }

    private let file: Descriptor

    package init(in folder: RootedFolder, named name: Bytes = Bytes(ascii: "lock")) throws {
        let file = try Self.open(name, in: folder)
        guard flock(file.raw, LOCK_EX | LOCK_NB) == 0 else { throw Held(holder: Self.holder(file)) }
        ftruncate(file.raw, 0)
        try file.write(Bytes("\(getpid())\n".utf8), at: 0)
        self.file = file
    }

    private static func open(_ name: Bytes, in folder: RootedFolder) throws(SystemError) -> Descriptor {
        do {
            return try folder.createFile(name, mode: 0o600)
        } catch {
            guard error.isExisting else { throw error }
            return try folder.openFile(name, for: .readingAndWriting)
        }
    }

    private static func holder(_ file: borrowing Descriptor) -> Int {
        var buffer = Bytes(repeating: 0, count: 20)
        let count = buffer.withUnsafeMutableBytes { (try? file.read(into: $0, at: 0)) ?? 0 }
        return Decimal.parse(buffer[..<count].prefix { $0 != UInt8(ascii: "\n") }) ?? 0
    }
}
