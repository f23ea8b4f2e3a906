internal import Glibc

/// What a file system has, and what of it is free for us.
package struct DiskRoom: Equatable, Sendable {
    package let totalBytes: Int
    package let freeBytes: Int
    /// How many more files it takes; nil where it makes as many as there is room for.
    package let freeFiles: Int?

    package init(totalBytes: Int, freeBytes: Int, freeFiles: Int? = nil) {
        (self.totalBytes, self.freeBytes, self.freeFiles) = (totalBytes, freeBytes, freeFiles)
    }

    init(_ status: statvfs) {
        func bytes(_ blocks: UInt) -> Int {
            Int(clamping: blocks.multipliedReportingOverflow(by: status.f_frsize).partialValue)
        }
        totalBytes = bytes(status.f_blocks)
        freeBytes = bytes(status.f_bavail)
        freeFiles = status.f_files == 0 ? nil : Int(clamping: status.f_favail)
    }
}
