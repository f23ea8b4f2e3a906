internal import CLinux
internal import Glibc
package import P2PProtocol

extension Descriptor {
    /// Opens a path as its owner wrote it: links are followed, a pipe does not hang, children do not inherit it.
    static func open(_ path: Bytes, _ flags: Int32, mode: UInt32 = 0o644) throws(SystemError) -> Descriptor {
        let terminated = try Path.terminated(path)
        let number = try SystemCall.require("open", on: Path.display(path)) {
            Glibc.open(terminated, flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, mode)
        }
        return Descriptor(owning: number)
    }

    /// Opens a file for reading by a path that its owner wrote; what is not a regular file is refused.
    package static func openFile(_ path: Bytes) throws(SystemError) -> Descriptor {
        let file = try open(path, O_RDONLY)
        guard try file.status().kind == .file else { throw SystemError("open", EINVAL, on: Path.display(path)) }
        return file
    }

    /// What the descriptor is of.
    package func status() throws(SystemError) -> FileStatus {
        var raw = stat()
        let number = self.raw
        try SystemCall.require("fstat") { fstat(number, &raw) }
        return FileStatus(raw)
    }

    /// Fills the buffer from the file's bytes at `offset`; fewer only where the file ends.
    package func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(SystemError) -> Int {
        var done = 0
        while done < buffer.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
            let count = try Self.moved("pread") { pread(raw, rest.baseAddress, rest.count, off_t(offset + done)) }
            guard count > 0 else { break }
            done += count
        }
        return done
    }

    /// Writes every byte at `offset`.
    package func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(SystemError) {
        var done = 0
        while done < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
            let count = try Self.moved("pwrite") { pwrite(raw, rest.baseAddress, rest.count, off_t(offset + done)) }
            guard count > 0 else { throw SystemError("pwrite", EIO) }
            done += count
        }
    }

    /// The same for bytes in an array.
    package func write(_ bytes: Bytes, at offset: Int) throws(SystemError) {
        try bytes.withUnsafeBufferPointer { (bytes) throws(SystemError) in
            try write(UnsafeRawBufferPointer(bytes), at: offset)
        }
    }

    private static func moved(_ call: String, _ body: () -> Int) throws(SystemError) -> Int {
        switch SystemCall.attempt(body) {
        case .done(let count): return count
        case .wouldBlock: throw SystemError(call, EAGAIN)
        case .failed(let code): throw SystemError(call, code)
        }
    }

    /// Data and what describes it are on the disk.
    package func sync() throws(SystemError) {
        let number = raw
        try SystemCall.require("fsync") { fsync(number) }
    }

    /// Data, and of its description only what finding it takes, is on the disk.
    package func syncData() throws(SystemError) {
        let number = raw
        try SystemCall.require("fdatasync") { fdatasync(number) }
    }

    /// Has the file system set room aside for so many bytes, so that it cannot get full before they have come. The
    /// file's size stays; false where that cannot be had.
    @discardableResult
    package func reserve(_ count: Int) -> Bool {
        SystemCall.attempt { Int(clinux_reserve(raw, off_t(count))) } == .done(0)
    }

    /// Gives the room of a part of the file back, which reads as zeros from then on; false where that is not possible.
    @discardableResult
    package func giveBack(_ range: Range<Int>) -> Bool {
        SystemCall.attempt { Int(clinux_punch(raw, off_t(range.lowerBound), off_t(range.count))) } == .done(0)
    }

    /// The file will be read from front to back: the kernel reads further ahead.
    package func expectSequentialReads() {
        _ = posix_fadvise(raw, 0, 0, POSIX_FADV_SEQUENTIAL)
    }
}
