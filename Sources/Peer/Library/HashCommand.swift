internal import Glibc
package import P2PProtocol
package import P2PRuntime

/// `peer hash FILE…`: prints `ROOT  SIZE  FILE` for each, in the order they were given.
package struct HashCommand: Sendable {
    /// What became of a file that was opened.
    private enum Attempt: Sendable {
        case done(Result<Bytes, SystemError>)
        case large(LargeFile, path: Bytes)
    }

    /// Small files that a thread takes at a time.
    private static let portion = 64

    private let pool: WorkerPool
    private let threads: Int
    private let meter: HashMeter

    /// Hashes the files on `threads` threads and hands out a line for each once it and those before it are done,
    /// some at a time; `complain` gets a sentence for each that could not be read, `progress` what is done, often and from any
    /// thread. Says whether all could be read.
    package static func run(
        _ files: [Bytes], threads: Int, progress: (@Sendable (HashProgress) -> Void)? = nil, print: ([Bytes]) -> Void,
        complain: (SystemError) -> Void
    ) async throws -> Bool {
        let pool = WorkerPool(name: "hash", threads: threads)
        defer { pool.close() }
        // What it will come to is asked only where somebody looks.
        let total = progress == nil ? 0 : files.reduce(0) { $0 &+ size(of: $1) }
        let meter = HashMeter(totalFiles: files.count, totalBytes: total) { progress?($0) }
        let command = HashCommand(pool: pool, threads: max(1, threads), meter: meter)
        return try await command.run(files, print: print, complain: complain)
    }

    private func run(_ files: [Bytes], print: ([Bytes]) -> Void, complain: (SystemError) -> Void) async throws -> Bool {
        var isComplete = true
        try await withThrowingTaskGroup(of: (Int, [Attempt]).self) { group in
            var portions = stride(from: 0, to: files.count, by: Self.portion).makeIterator()
            var done: [Int: [Attempt]] = [:]
            func add() {
                guard let start = portions.next() else { return }
                let portion = files[start..<min(start + Self.portion, files.count)]
                group.addTask { (start, try await self.pool.run { self.hash(portion) }) }
            }
            for _ in 0..<threads * 2 { add() }
            var next = 0
            while next < files.count {
                guard let attempts = done.removeValue(forKey: next) else {
                    guard let (start, attempts) = try await group.next() else { break }
                    done[start] = attempts
                    continue
                }
                add()
                next += Self.portion
                var lines: [Bytes] = []
                for attempt in attempts {
                    do throws(SystemError) {
                        lines.append(try await finish(attempt).get())
                    } catch {
                        isComplete = false
                        complain(error)
                    }
                    meter.finishFile()
                }
                print(lines)
            }
        }
        return isComplete
    }

    /// Small files are hashed, large ones left for all threads together.
    private func hash(_ paths: ArraySlice<Bytes>) -> [Attempt] {
        let hasher = FileHasher()
        return paths.map { path in
            do throws(SystemError) {
                let file = try Descriptor.openFile(path)
                let identity = try file.status().identity
                if identity.size >= LargeFile.bytes {
                    return .large(LargeFile(file: OpenFile(file)), path: path)
                }
                return .done(.success(try Self.line(path, hasher.hash(file, being: identity, advanced: meter.advance))))
            } catch {
                return .done(.failure(error))
            }
        }
    }

    private func finish(_ attempt: Attempt) async -> Result<Bytes, SystemError> {
        switch attempt {
        case .done(let result): return result
        case .large(let file, let path):
            do {
                return .success(
                    try Self.line(path, try await file.hash(on: pool, threads: threads, advanced: meter.advance)))
            } catch let error as SystemError {
                return .failure(error)
            } catch {
                return .failure(SystemError("hash", ECANCELED, on: Path.display(path)))
            }
        }
    }

    /// `ROOT  SIZE  FILE`; blocks while the file is read.
    package static func line(for path: Bytes) throws(SystemError) -> Bytes {
        let file = try Descriptor.openFile(path)
        return try line(path, FileHasher.hash(file))
    }

    private static func line(_ path: Bytes, _ outcome: FileHasher.Outcome) throws(SystemError) -> Bytes {
        // Busy: somebody writes to it.
        guard case .hashed(let hashed) = outcome else { throw SystemError("hash", EBUSY, on: Path.display(path)) }
        var line = hashed.root.hex + Bytes(ascii: "  ")
        line.append(decimal: hashed.identity.size)
        return line + Bytes(ascii: "  ") + path
    }

    /// Root and path of such a line; nil for another.
    static func parts(of line: Bytes) -> (root: Digest, path: Bytes)? {
        guard let root = Digest(hex: line.prefix(Digest.hexCount)) else { return nil }
        let rest = line.dropFirst(Digest.hexCount + 2)
        return (root, Bytes(rest.drop { $0 != UInt8(ascii: " ") }.dropFirst(2)))
    }

    private static func size(of path: Bytes) -> Int {
        guard let file = try? Descriptor.openFile(path), let status = try? file.status() else { return 0 }
        return status.identity.size
    }
}
