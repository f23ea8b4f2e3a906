import Glibc
import P2PProtocol
import TestSupport

/// Lines of bytes in one piece of memory, so that what holds them weighs the same before and after.
struct TextFile {
    private let bytes: Bytes
    /// Where each line begins, and where the last one ends.
    private var starts: [Int] = [0]

    var count: Int { starts.count - 1 }

    init(_ path: String) throws {
        guard let file = fopen(path, "r") else { throw TestFailure("cannot read \(path)") }
        defer { fclose(file) }
        fseek(file, 0, SEEK_END)
        let size = ftell(file)
        rewind(file)
        bytes = Bytes(unsafeUninitializedCapacity: size) { buffer, count in
            count = fread(buffer.baseAddress, 1, size, file)
        }
        for place in bytes.indices where bytes[place] == UInt8(ascii: "\n") { starts.append(place + 1) }
    }

    subscript(_ line: Int) -> Bytes { Bytes(bytes[starts[line]..<(starts[line + 1] - 1)]) }

    var lines: [Bytes] { (0..<count).map { self[$0] } }

    /// Writes lines one by one.
    static func write(_ path: String, _ body: (([UInt8]) -> Void) throws -> Void) throws {
        guard let file = fopen(path, "w") else { throw TestFailure("cannot write \(path)") }
        defer { fclose(file) }
        try body { line in
            fwrite(line, 1, line.count, file)
            fputc(10, file)
        }
    }
}
