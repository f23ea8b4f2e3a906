internal import P2PProtocol
internal import P2PRuntime

/// Who is next: the line in its order, and small ones of the same kind together.
extension TransferQueue {
    /// What those that go together have in common.
    private struct Kind: Hashable {
        let giver: PeerReference?
        let target: Bytes?
    }

    /// How many of those that have to wait are passed over in search of others that go along.
    private static let farthest = 4 * mostTogether

    /// Companies that are under way at a time: each of them brings its files to the disk in groups, which are the larger
    /// the fewer do so. The second is there for when the first waits for somebody slow.
    private static let mostCompanies = 2

    mutating func starts(at now: Moment) -> [Step] {
        guard downloads < width else { return [] }
        var starting: [[Int]] = []
        // Those that are not full yet.
        var open: [Kind: Int] = [:]
        var behind = 0
        var companies = companies.count
        for number in line where work[number] == nil {
            if behind > Self.farthest { break }
            if downloads + starting.count >= width {
                behind += 1
                if open.isEmpty { break }
            }
            guard let transfer = transfers[number], isDue(transfer, at: now) else { continue }
            let kind = goesAlong(transfer) ? Kind(giver: transfer.order.giver, target: transfer.order.target) : nil
            if let kind, let place = open[kind] {
                starting[place].append(number)
                if starting[place].count == Self.mostTogether { open[kind] = nil }
                continue
            }
            guard downloads + starting.count < width else { continue }
            if let kind {
                guard companies < Self.mostCompanies else {
                    behind += 1
                    continue
                }
                companies += 1
                open[kind] = starting.count
            }
            starting.append([number])
        }
        return starting.map { start($0) }
    }

    private func isDue(_ transfer: Transfer, at now: Moment) -> Bool {
        switch transfer.state {
        case .queued: true
        case .waiting(_, let until): until <= now
        default: false
        }
    }

    private func goesAlong(_ transfer: Transfer) -> Bool {
        let order = transfer.order
        return order.ownership == .copy && transfer.giver == nil && order.size > 0 && order.size <= largestTogether
    }

    private mutating func start(_ numbers: [Int]) -> Step {
        downloads += 1
        for number in numbers { set(number) { $0.state = .running } }
        let started = numbers.compactMap { transfers[$0] }
        if started.count == 1, let transfer = started.first {
            work[transfer.number] = .download(isStopping: false)
            return .download(transfer)
        }
        nextCompany += 1
        companies[nextCompany] = started.count
        for transfer in started { work[transfer.number] = .together(nextCompany, isStopping: false) }
        return .downloadTogether(started)
    }
}
