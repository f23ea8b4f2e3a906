internal import P2PProtocol

/// A content that its user looks at or listens to, whether it is here or on its way.
struct Playback: Sendable {
    /// What has become of it so far.
    enum Whereabouts: Equatable, Sendable {
        case coming
        /// The path of the whole file.
        case here(Bytes)
        /// It will not come any more.
        case lost
    }

    let root: Digest
    let size: Int
    /// As an index has it.
    let name: Bytes
    let whereabouts: @Sendable () -> Whereabouts
}
