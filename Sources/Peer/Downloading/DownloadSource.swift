package import P2PRuntime

/// Somebody who says that they have the file.
package struct DownloadSource: Hashable, Sendable {
    package let id: Int
    package let endpoint: Endpoint

    package init(id: Int, endpoint: Endpoint) {
        self.id = id
        self.endpoint = endpoint
    }
}

/// How far a download is.
package struct DownloadProgress: Sendable {
    package var done: Int
    package let total: Int
    package var source: DownloadSource?
}
