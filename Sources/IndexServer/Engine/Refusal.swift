package import P2PProtocol

/// Why the engine changes nothing.
package enum Refusal: Error, Equatable, Sendable {
    /// The id was never given out.
    case unknownID
    /// Nobody of that id is in the dictionary.
    case noSuchPeer(PeerID)
    /// The peer is not registered.
    case notRegistered
    /// More files than one peer may list.
    case tooManyFiles(limit: Int)
    /// More files than the index keeps.
    case indexFull
    /// MOVE of files whose giver did not consent.
    case noConsent
    /// The index knows no path for the content, and AS is missing.
    case pathNeeded
    /// A list of so many folders that it cannot be shown by them.
    case foldersTooMany
    /// A cursor that no answer gave, or one from long ago.
    case badCursor
    /// Nobody is there any more who waits for the answer.
    case abandoned

    /// The reply to `command`.
    package func wireError(for command: String) -> WireError {
        switch self {
        case .unknownID: WireError("\(command): unknown id")
        case .noSuchPeer(let id): WireError("\(command): no peer with id \(id) is here")
        case .notRegistered: WireError("\(command): not registered, REG first")
        case .tooManyFiles(let limit): WireError("\(command): more than \(limit) files from one peer")
        case .indexFull: WireError("\(command): the index is full")
        case .noConsent: WireError("\(command): the giver does not let its files be moved", prefix: "NOPERM")
        case .pathNeeded: WireError("\(command): AS is needed, the index knows no path")
        case .foldersTooMany: WireError("\(command): its folders are nested too deep to be shown")
        case .badCursor: WireError("\(command): CURSOR is not one that an answer gave, or too old")
        case .abandoned: WireError("\(command): given up")
        }
    }
}
