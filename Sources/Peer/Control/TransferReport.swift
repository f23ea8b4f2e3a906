package import P2PProtocol
package import P2PRuntime

/// A transfer as it is shown: to programs as JSON, to people as a row.
package struct TransferReport: Equatable, Sendable {
    package let number: Int
    /// Among those that are not done, counted from 1.
    package let place: Int?
    package let name: Bytes
    package let size: Int
    package let root: Digest?
    package let isMove: Bool
    package let state: Bytes
    /// Why it does not go on, or what its user should know.
    package let reason: Bytes?
    /// Seconds until it is tried again.
    package let nextTry: Int?
    package let done: Int
    package let bytesPerSecond: Int
    package let sources: Int
    /// Where the file is, once it is here.
    package let path: Bytes?

    /// `held` is what lies on the disk of one that does not run.
    package init(_ transfer: Transfer, place: Int?, held: Int = 0, at now: Moment) {
        let order = transfer.order
        (number, self.place, name, size, root) = (transfer.number, place, order.name, order.size, order.root)
        isMove = order.ownership == .move
        state = Bytes(transfer.state.word.utf8)
        reason = transfer.reason.map { Bytes($0.utf8) }
        switch transfer.state {
        case .waiting(_, let until), .settling(_, .some, let until):
            nextTry = Int(max(0, until.since(now).inSeconds).rounded(.up))
        default: nextTry = nil
        }
        done = max(transfer.progress.done, min(held, order.size))
        (bytesPerSecond, sources) = (transfer.progress.bytesPerSecond, transfer.progress.sources)
        switch transfer.state {
        case .done(let path, _): self.path = path
        case .settling(let debt, _, _): path = debt.path
        default: path = nil
        }
    }

    /// For programs.
    package var json: JSON {
        .object(
            [JSON.Member("number", .integer(number)), JSON.Member("place", .optional(place))]
                + JSON.members(name: name) + [
                    JSON.Member("size", .integer(size)), JSON.Member("root", .optional(root?.hex)),
                    JSON.Member("ownership", .text(isMove ? "move" : "copy")), JSON.Member("state", .string(state)),
                    JSON.Member("reason", .optional(reason)), JSON.Member("nextTry", .optional(nextTry)),
                    JSON.Member("done", .integer(done)), JSON.Member("bytesPerSecond", .integer(bytesPerSecond)),
                    JSON.Member("sources", .integer(sources)),
                ] + (path.map { JSON.members(name: $0, key: "path") } ?? [JSON.Member("path", .null)]))
    }

    /// What a running peer says of one; nil when it makes no sense.
    package init?(_ json: JSON) {
        guard let number = json["number"]?.integer, let name = json.name(), let size = json["size"]?.integer,
            let state = json["state"]?.string
        else { return nil }
        (self.number, self.name, self.size, self.state) = (number, name, size, state)
        place = json["place"]?.integer
        root = json["root"]?.string.flatMap { Digest(hex: $0) }
        isMove = json["ownership"]?.string == Bytes(ascii: "move")
        (reason, nextTry) = (json["reason"]?.string, json["nextTry"]?.integer)
        (done, bytesPerSecond) = (json["done"]?.integer ?? 0, json["bytesPerSecond"]?.integer ?? 0)
        sources = json["sources"]?.integer ?? 0
        path = json.name("path")
    }
}

extension TransferReport {
    package var isDone: Bool { state == Bytes(ascii: "done") }
    package var isFailed: Bool { state == Bytes(ascii: "failed") }
    /// It is here; its former owner is still to let go of it.
    package var isSettling: Bool { state == Bytes(ascii: "handoff") }
    /// It goes on when something outside has changed, if it is not just being tried.
    package var isStuck: Bool {
        state == Bytes(ascii: "waiting") || isSettling || (state == Bytes(ascii: "running") && sources == 0)
    }

    /// For people.
    package static func table(_ reports: [TransferReport]) -> TextTable {
        var table = TextTable([
            .init("N", alignsRight: true), .init("NAME", isElastic: true), .init("STATE"),
            .init("SIZE", alignsRight: true), .init("%", alignsRight: true), .init("RATE", alignsRight: true),
            .init("LEFT", alignsRight: true), .init("WHY"),
        ])
        for report in reports { table.add(report.cells.map { Bytes($0) }) }
        return table
    }

    private var cells: [Bytes] {
        let rate = bytesPerSecond > 0 ? Amount.rate(bytesPerSecond) : ""
        let left = bytesPerSecond > 0 ? Amount.time(.seconds(max(0, size - done) / bytesPerSecond)) : ""
        let percent = size > 0 ? Int(Double(done) / Double(size) * 100) : isDone ? 100 : 0
        let again = nextTry.map { "; again in \($0) s" } ?? ""
        return [
            Bytes(decimal: number), Path.lastComponent(of: name), words, Bytes(Amount.bytes(size).utf8),
            Bytes(decimal: percent), Bytes(rate.utf8), Bytes(left.utf8), why + Bytes(again.utf8),
        ]
    }

    /// The state as people say it.
    private var words: Bytes {
        state == Bytes(ascii: "handoff") ? Bytes(ascii: "finishing handoff") : state
    }

    /// Why it does not go on, also where that is its own turn to come.
    private var why: Bytes {
        if let reason { return reason }
        if state == Bytes(ascii: "queued") { return Bytes(ascii: "it waits for its turn") }
        if state == Bytes(ascii: "running"), sources == 0 { return Bytes(ascii: "nobody gives anything just now") }
        return []
    }
}

extension Transfer.State {
    /// What programs read.
    package var word: String {
        switch self {
        case .queued: "queued"
        case .running: "running"
        case .paused: "paused"
        case .waiting: "waiting"
        case .settling: "handoff"
        case .cancelled: "cancelled"
        case .done: "done"
        case .failed: "failed"
        }
    }
}
