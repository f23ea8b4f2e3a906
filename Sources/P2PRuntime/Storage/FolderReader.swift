internal import Glibc
package import P2PProtocol

/// Reads a folder's entries one after another, however many there are.
package struct FolderReader: ~Copyable {
    private let stream: OpaquePointer
    private let number: Int32
    private static let itself = Bytes(ascii: ".")
    private static let above = Bytes(ascii: "..")

    /// Takes an open folder over.
    package init(_ folder: consuming Descriptor) throws(SystemError) {
        number = folder.raw
        guard let stream = fdopendir(folder.raw) else { throw SystemError("fdopendir", errno) }
        self.stream = stream
        _ = folder.release()
    }

    /// The next entry's name, without `.` and `..`; nil at the end.
    package func next() throws(SystemError) -> Bytes? {
        while true {
            // The only way to tell the end from an error.
            errno = 0
            guard let entry = readdir(stream) else {
                guard errno == 0 else { throw SystemError("readdir", errno) }
                return nil
            }
            let name = Self.name(of: entry)
            if name != Self.itself, name != Self.above { return name }
        }
    }

    /// What an entry is, without opening it; a link is itself, not what it points to.
    package func status(of name: Bytes) throws(SystemError) -> FileStatus {
        var raw = stat()
        let terminated = try Path.terminated(name)
        try SystemCall.require("fstatat", on: Path.display(name)) {
            fstatat(number, terminated, &raw, AT_SYMLINK_NOFOLLOW)
        }
        return FileStatus(raw)
    }

    deinit {
        closedir(stream)
    }

    // Some file systems have names longer than the array that `dirent` declares: it is read up to its NUL.
    private static func name(of entry: UnsafeMutablePointer<dirent>) -> Bytes {
        let offset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 0
        let start = UnsafeRawPointer(entry) + offset
        return Bytes(UnsafeRawBufferPointer(start: start, count: strlen(start.assumingMemoryBound(to: CChar.self))))
    }
}
