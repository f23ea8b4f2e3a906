package import P2PProtocol
internal import P2PRuntime

/// What an index says of a content that is to have changed hands.
package enum HandoffVerdict: Sendable {
    /// The giver is out and the taker in.
    case settled
    /// Not so, or not yet.
    case notYet
    /// The index could not be asked, or is none of ours.
    case unknown
}

/// Gives moved contents away (`POST /handoff/<root>?taker=`): on the index's word, never on the taker's.
package struct HandoffDesk: Sendable {
    /// Asks the index that the taker names, which has to be one that this peer chose itself: the name comes from a
    /// stranger and must not lead anywhere else.
    package typealias Verify = @Sendable (Digest, HandoffTaker) async -> HandoffVerdict

    /// Whether this peer consents to moves.
    private let ownership: Ownership
    private let folder: HandedOffFolder
    private let verify: Verify

    package init(ownership: Ownership, folder: HandedOffFolder, verify: @escaping Verify) {
        self.ownership = ownership
        self.folder = folder
        self.verify = verify
    }

    /// Moves the content out of the share if the index says that it belongs to the taker now.
    func settle(
        _ root: Digest, for taker: HandoffTaker, in library: Library, disk: WorkerPool
    ) async throws -> HTTPResponse {
        guard !library.entries(of: root).isEmpty else {
            // The marker is older than the move, which may have been cut short: what was not looked at yet may be here.
            guard try await disk.run({ folder.remembers(root) }) else { return .notFound }
            return library.isKnown ? Self.done : .later("the share is not known yet", seconds: 2)
        }
        guard ownership == .move else { return .text(.forbidden, "this peer gives copies only") }
        switch await verify(root, taker) {
        case .notYet: return .text(.conflict, "the index does not say so")
        case .unknown: return .later("the index could not be asked", seconds: 5)
        case .settled: break
        }
        let isOut = try await disk.run { try folder.take(root, from: library) }
        return isOut ? Self.done : .later("the file cannot be reached at the moment", seconds: 5)
    }

    private static let done = HTTPResponse(ResponseHead(.noContent))
}
