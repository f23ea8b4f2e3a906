internal import Glibc
package import P2PProtocol

/// Paths are bytes, as the kernel has them. These are the few things that are asked of one.
package enum Path {
    /// With the NUL that C expects; a path that holds one itself names no file.
    static func terminated(_ path: Bytes) throws(SystemError) -> [CChar] {
        guard !path.contains(0) else { throw SystemError("path", EINVAL, on: display(path)) }
        return path.map { CChar(bitPattern: $0) } + [0]
    }

    package static func join(_ folder: Bytes, _ name: some Collection<UInt8>) -> Bytes {
        guard let last = folder.last else { return Bytes(name) }
        return last == slash ? folder + name : folder + [slash] + name
    }

    /// What stands before the last slash: `.` for a bare name, `/` for what lies in the root.
    package static func parent(of path: Bytes) -> Bytes {
        guard let end = path.lastIndex(of: slash) else { return Bytes(ascii: ".") }
        return end == 0 ? [slash] : Bytes(path[..<end])
    }

    /// What stands after the last slash.
    package static func lastComponent(of path: Bytes) -> Bytes {
        guard let end = path.lastIndex(of: slash) else { return path }
        return Bytes(path[(end + 1)...])
    }

    /// The absolute path behind every symbolic link, `.` and `..`.
    package static func resolved(_ path: Bytes) throws(SystemError) -> Bytes {
        guard let real = realpath(try terminated(path), nil) else {
            throw SystemError("realpath", errno, on: display(path))
        }
        defer { free(real) }
        return Bytes(UnsafeRawBufferPointer(start: real, count: strlen(real)))
    }

    /// For error messages; whoever prints one escapes it.
    package static func display(_ path: Bytes) -> String { String(decoding: path, as: UTF8.self) }

    private static let slash = UInt8(ascii: "/")
}
