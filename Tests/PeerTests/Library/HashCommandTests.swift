import Glibc
import P2PProtocol
import P2PRuntime
import Peer
import Synchronization
import TestSupport
import Testing

@Suite struct HashCommandTests {
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    @Test("prints ROOT  SIZE  FILE for each file, in the order they were given")
    func prints() async throws {
        let contents = (0..<20).map { String(repeating: "x", count: (20 - $0) * 5_000) }
        let paths = try contents.enumerated().map { try scratch.write("file \($0)", Bytes($1.utf8)) }
        var lines: [String] = []
        let isComplete = try await HashCommand.run(
            paths.map { Bytes($0.utf8) }, threads: 2,
            print: { lines += $0.map { String(decoding: $0, as: UTF8.self) } },
            complain: { _ in })
        #expect(isComplete)
        #expect(lines == zip(contents, paths).map { "\(root(of: $0))  \($0.utf8.count)  \($1)" })
    }

    @Test("keeps the order with files of all sizes, and counts every byte")
    func mixed() async throws {
        let sizes = (0..<150).map { $0 % 50 == 7 ? (16 << 20) + $0 : $0 }
        let paths = try sizes.enumerated().map { number, size in
            let path = try scratch.write("\(number)", [])
            #expect(truncate(path, size) == 0)
            return path
        }
        let done = Mutex(0)
        var lines: [String] = []
        let isComplete = try await HashCommand.run(
            paths.map { Bytes($0.utf8) }, threads: 2,
            progress: { progress in done.withLock { $0 = max($0, progress.bytes) } },
            print: { lines += $0.map { String(decoding: $0, as: UTF8.self) } }, complain: { _ in })
        #expect(isComplete)
        #expect(
            lines.map { $0.split(separator: " ").dropFirst().joined(separator: " ") }
                == zip(sizes, paths).map { "\($0) \($1)" })
        #expect(done.withLock { $0 } == sizes.reduce(0, +))
    }

    @Test("complains of what cannot be read, and hashes the rest")
    func complains() async throws {
        let good = try scratch.write("good", Bytes("good".utf8))
        var lines: [Bytes] = []
        var complaints: [SystemError] = []
        let isComplete = try await HashCommand.run(
            [scratch.file("none"), good, scratch.path].map { Bytes($0.utf8) }, threads: 1,
            print: { lines += $0 }, complain: { complaints.append($0) })
        #expect(!isComplete)
        #expect(lines == [Bytes("\(root(of: "good"))  4  \(good)".utf8)])
        #expect(complaints.map(\.subject) == [scratch.file("none"), scratch.path])
    }

    @Test("does nothing for no files")
    func none() async throws {
        #expect(try await HashCommand.run([], threads: 1, print: { _ in }, complain: { _ in }))
    }
}
