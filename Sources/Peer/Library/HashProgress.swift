internal import Synchronization

/// How far the hashing of a library is.
package struct HashProgress: Hashable, Sendable {
    package let files: Int
    package let totalFiles: Int
    package let bytes: Int
    package let totalBytes: Int
}

/// Counts what several threads hash, tells it, and stops them.
final class HashMeter: Sendable {
    private let files = Atomic(0)
    private let bytes = Atomic(0)
    private let isStopped = Atomic(false)
    private let totalFiles: Int
    private let totalBytes: Int
    private let report: @Sendable (HashProgress) -> Void

    init(totalFiles: Int, totalBytes: Int, report: @escaping @Sendable (HashProgress) -> Void) {
        self.totalFiles = totalFiles
        self.totalBytes = totalBytes
        self.report = report
    }

    /// More bytes are done; says whether to go on.
    func advance(bytes count: Int) -> Bool {
        bytes.wrappingAdd(count, ordering: .relaxed)
        tell()
        return goesOn
    }

    /// A file is done, one way or another.
    func finishFile() {
        files.wrappingAdd(1, ordering: .relaxed)
        tell()
    }

    func stop() { isStopped.store(true, ordering: .relaxed) }

    var goesOn: Bool { !isStopped.load(ordering: .relaxed) }

    private func tell() {
        report(
            HashProgress(
                files: files.load(ordering: .relaxed), totalFiles: totalFiles,
                bytes: bytes.load(ordering: .relaxed), totalBytes: totalBytes))
    }
}
