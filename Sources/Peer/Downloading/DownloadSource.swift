package import P2PRuntime

/// Somebody who says that they have the file.
package struct DownloadSource: Hashable, Sendable {
    package let id: Int
    package let endpoint: Endpoint
    /// It has only some of the pieces yet.
    package let isPartial: Bool

    package init(id: Int, endpoint: Endpoint, isPartial: Bool = false) {
        (self.id, self.endpoint, self.isPartial) = (id, endpoint, isPartial)
    }
}
