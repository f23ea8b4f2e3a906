internal import P2PProtocol

/// What opens the doors of those who give to members only.
package struct SourcePasses: Sendable {
    /// The passes to these contents of one source; none where none are needed.
    let passes: @Sendable ([Digest], DownloadSource) async -> [Digest: Bytes]
    /// One was refused: the next is to be another.
    let refused: @Sendable (Digest, DownloadSource) -> Void

    /// Whether an answer says that the pass was not taken, which another may be.
    static func refuses(_ status: HTTPStatus) -> Bool { status == .unauthorized || status == .forbidden }
}
