package import P2PRuntime

/// What of a disk downloads may take. Other programs stop working on a disk that is full to the last byte.
extension DiskRoom {
    /// A hundredth of the disk stays free.
    package var floorBytes: Int { totalBytes / 100 }

    /// What a download that has not begun may count on.
    package var usableBytes: Int { max(0, freeBytes - floorBytes) }

    /// Whether so many bytes in so many new files may come.
    package func takes(_ bytes: Int, files: Int) -> Bool { bytes <= usableBytes && files <= freeFiles ?? .max }
}
