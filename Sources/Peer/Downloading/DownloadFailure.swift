package import P2PRuntime

/// Why a download did not come to its end, in words for a person.
package enum DownloadFailure: Error, Sendable {
    case noSource
    /// Every source failed; what each said.
    case allSourcesFailed([String])
    case noSpace(needed: Int, room: DiskRoom)
    case disk(SystemError)
    /// Another program fetches the same content into the same folder.
    case underWay
    /// Whoever started it wants it no longer, or the program ends.
    case stopped
}

extension DownloadFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .noSource: "nobody who is here now has it; try again when one of its owners is back"
        case .allSourcesFailed(let reasons): "no source could give it: " + Self.list(reasons)
        case .noSpace(let needed, let room) where needed <= room.usableBytes:
            "not enough space: the disk takes no more files; remove some and try again"
        case .noSpace(let needed, let room):
            "not enough space: it takes \(needed) bytes, the disk has \(room.freeBytes) of which "
                + "\(min(room.freeBytes, room.floorBytes)) stay free; make room and try again"
        case .underWay: "another program is downloading it into the same folder; wait for that one, or stop it"
        case .stopped: "stopped; what has arrived is kept for the next time"
        case .disk(let error): "the disk refused: \(error)"
        }
    }

    private static func list(_ reasons: [String]) -> String {
        let more = reasons.count > 10 ? ["and \(reasons.count - 10) more"] : []
        return (reasons.prefix(10) + more).joined(separator: "; ")
    }
}
