/// How far a download is.
package struct DownloadProgress: Sendable {
    /// Verified bytes.
    package let done: Int
    package let total: Int
    /// Those who give something now, and how many bytes a second.
    package let sources: [(source: DownloadSource, bytesPerSecond: Int)]

    /// It waits for room on the disk.
    package let isDiskFull: Bool

    /// Of all of them together.
    package var bytesPerSecond: Int { sources.reduce(0) { $0 &+ $1.bytesPerSecond } }
}
