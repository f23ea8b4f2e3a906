package import P2PProtocol
package import P2PRuntime

/// Somebody who says that they have the file.
package struct DownloadSource: Hashable, Sendable {
    package let id: Int
    package let endpoint: Endpoint
    /// It has only some of the pieces yet.
    package let isPartial: Bool
    /// The certificate with which it serves; nil if it is not encrypted.
    package let certificate: Digest?

    package init(id: Int, endpoint: Endpoint, isPartial: Bool = false, certificate: Digest? = nil) {
        (self.id, self.endpoint) = (id, endpoint)
        (self.isPartial, self.certificate) = (isPartial, certificate)
    }
}
