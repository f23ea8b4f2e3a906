internal import CTestSupport
internal import Glibc
package import P2PProtocol

/// A folder for one test, removed with everything in it when the test is done.
package final class ScratchFolder: Sendable {
    package let path: String

    package init() throws {
        var template = Array("/tmp/rookery-test-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw TestFailure("mkdtemp: \(errno)") }
        path = String(cString: made)
    }

    deinit { remove() }

    /// The path of `name` inside.
    package func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Makes a folder inside, parents included; returns its path.
    @discardableResult
    package func folder(_ name: String) -> String {
        var current = path
        for part in name.split(separator: "/") {
            current += "/\(part)"
            mkdir(current, 0o755)
        }
        return current
    }

    /// Writes a file inside; its folder must exist. Names are bytes, so that odd ones can be made.
    @discardableResult
    package func write(_ name: Bytes, _ content: Bytes) throws -> Bytes {
        let full = Array(path.utf8) + [UInt8(ascii: "/")] + name
        let descriptor = open(full.map { CChar(bitPattern: $0) } + [0], O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        guard descriptor >= 0 else { throw TestFailure("open \(path): \(errno)") }
        defer { close(descriptor) }
        var written = 0
        while written < content.count {
            let count = content[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { throw TestFailure("write: \(errno)") }
            written += count
        }
        return full
    }

    @discardableResult
    package func write(_ name: String, _ content: Bytes) throws -> String {
        try write(Array(name.utf8), content)
        return file(name)
    }

    /// Gives a file inside another name.
    package func move(_ name: String, to other: String) throws {
        guard rename(file(name), file(other)) == 0 else { throw TestFailure("rename \(name): \(errno)") }
    }

    /// The whole content of a file, by full path; nil when there is none.
    package static func read(_ path: String) -> Bytes? {
        let descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var content = Bytes()
        var buffer = Bytes(repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return count == 0 ? content : nil }
            content += buffer[..<count]
        }
    }

    /// How many bytes of a file have been written; what only has room set aside for it does not count.
    package static func written(_ path: String) -> Int {
        let descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else { return 0 }
        defer { close(descriptor) }
        var (sum, offset) = (0, off_t(0))
        // SEEK_DATA and SEEK_HOLE, which the C module leaves out.
        while case let start = lseek(descriptor, offset, 3), start >= 0 {
            offset = lseek(descriptor, start, 4)
            guard offset > start else { break }
            sum += Int(offset - start)
        }
        return sum
    }

    package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// The names in a folder, sorted; empty when there is no such folder.
    package static func list(_ path: String) -> [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    private func remove() { ctest_remove_tree(path) }
}
