internal import Glibc
package import P2PProtocol
package import P2PRuntime

/// `peer hash FILE…`: prints `ROOT  SIZE  FILE` for each, in the order they were given.
package enum HashCommand {
    /// Hashes the files on `threads` threads and hands out a line for each as soon as it and those before it are done; `complain` gets a
    /// sentence for each that could not be read. Says whether all of them could.
    package static func run(
        _ files: [Bytes], threads: Int, print: (Bytes) -> Void, complain: (SystemError) -> Void
    ) async throws -> Bool {
        let pool = WorkerPool(name: "hash", threads: threads)
        defer { pool.close() }
        var isComplete = true
        try await withThrowingTaskGroup(of: (Int, Result<Bytes, SystemError>).self) { group in
            var lines: [Int: Result<Bytes, SystemError>] = [:]
            var (begun, printed) = (0, 0)
            while printed < files.count {
                while begun < files.count, begun - printed < max(1, threads) * 2 {
                    add(files[begun], number: begun, to: &group, pool)
                    begun += 1
                }
                if let (number, line) = try await group.next() { lines[number] = line }
                while let line = lines.removeValue(forKey: printed) {
                    printed += 1
                    switch line {
                    case .success(let text): print(text)
                    case .failure(let error):
                        isComplete = false
                        complain(error)
                    }
                }
            }
        }
        return isComplete
    }

    private static func add(
        _ path: Bytes, number: Int, to group: inout ThrowingTaskGroup<(Int, Result<Bytes, SystemError>), any Error>,
        _ pool: WorkerPool
    ) {
        group.addTask {
            (number, try await pool.run { Result { () throws(SystemError) in try line(for: path) } })
        }
    }

    /// `ROOT  SIZE  FILE`; blocks while the file is read.
    package static func line(for path: Bytes) throws(SystemError) -> Bytes {
        let file = try Descriptor.openFile(path)
        // Busy: somebody writes to it.
        guard case .hashed(let hashed) = try FileHasher.hash(file) else {
            throw SystemError("hash", EBUSY, on: Path.display(path))
        }
        var line = hashed.root.hex + Bytes(ascii: "  ")
        line.append(decimal: hashed.identity.size)
        return line + Bytes(ascii: "  ") + path
    }
}
