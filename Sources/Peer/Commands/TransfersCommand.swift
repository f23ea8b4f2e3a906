internal import P2PProtocol
internal import P2PRuntime

/// `peer transfers`: the queue, and what its user wants of it. Where no peer runs, its store is read and written.
struct TransfersCommand {
    /// What is to be done, as the command line or the menu says it.
    enum Order: Sendable {
        case list
        case pause(Int)
        case resume(Int)
        case cancel(Int)
        case move(Int, to: Int)

        init(_ words: [Bytes]) throws(Misuse) {
            let numbers = words.dropFirst().map { Decimal.parse($0) ?? 0 }
            let isRight = numbers.allSatisfy { $0 > 0 }
            switch (words.first.map { String(decoding: $0, as: UTF8.self) }, numbers.count, isRight) {
            case (nil, _, _), ("list", 0, _): self = .list
            case ("pause", 1, true): self = .pause(numbers[0])
            case ("resume", 1, true): self = .resume(numbers[0])
            case ("cancel", 1, true): self = .cancel(numbers[0])
            case ("move", 2, true): self = .move(numbers[0], to: numbers[1])
            default: throw Misuse("transfers, transfers pause N, resume N, cancel N, or move N PLACE")
            }
        }

        /// What a running peer is asked.
        var route: ControlRoute {
            switch self {
            case .list: .transfers
            case .pause(let number): .pause(number)
            case .resume(let number): .resume(number)
            case .cancel(let number): .cancel(number)
            case .move(let number, let place): .move(number, to: place)
            }
        }

        /// Carries it out on a queue; whom it was about.
        func apply(to queue: inout TransferQueue) throws(TransferQueue.Refusal) -> Int? {
            switch self {
            case .list: return nil
            case .pause(let number): try queue.pause(number)
            case .resume(let number): try queue.resume(number)
            case .cancel(let number): try queue.cancel(number)
            case .move(let number, let place): try queue.move(number, to: place)
            }
            return number
        }

        /// Whom it is about.
        var number: Int? {
            switch self {
            case .list: nil
            case .pause(let number), .resume(let number), .cancel(let number), .move(let number, _): number
            }
        }
    }

    let configuration: PeerConfiguration
    let loop: EventLoop
    let isJSON: Bool

    func run(_ order: Order) async throws -> ExitCode {
        do {
            if let client = try await ControlClient.find(configuration, on: loop) {
                show(try await client.transfers(order.route))
            } else {
                try await runAlone(order)
            }
            return .done
        } catch let refused as ControlClient.Refused {
            complain("\(refused)")
            return refused.status == .notFound ? .notFound : .failed
        } catch let refusal as TransferQueue.Refusal {
            complain(refusal.words)
            return refusal == .unknown ? .notFound : .failed
        }
    }

    private func show(_ reports: [TransferReport]) {
        if isJSON {
            let document = JSON.object([JSON.Member("transfers", .array(reports.map(\.json)))])
            StandardOutput.write(document.encoded() + [UInt8(ascii: "\n")])
        } else if reports.isEmpty {
            complain("there are no transfers")
        } else {
            let lines = TransferReport.table(reports).lines(width: Terminal.width(1))
            StandardOutput.write(lines.map { "\($0)\n" }.joined())
        }
    }

    // MARK: Without a running peer

    private func runAlone(_ order: Order) async throws {
        let state = try PeerState(configuration.stateFolder)
        // Nobody else may change the queue meanwhile; to look at it does not matter.
        let lock = order.isList ? nil : try state.lock()
        defer { withExtendedLifetime(lock != nil) {} }
        let store = try TransferStore.open(in: state)
        // Nothing is started here.
        var queue = TransferQueue(width: 0, kept: store.kept, next: store.next)
        let number = try order.apply(to: &queue)
        clean(&queue)
        try await store.save(&queue)
        let all = queue.all
        let wanted = number.map { number in all.filter { $0.number == number } } ?? all
        if order.isList || !wanted.isEmpty { show(TransferReport.list(wanted, in: all, at: .now)) }
        if !queue.waiting.isEmpty { complain("no peer is running: start peer daemon, and they go on") }
    }

    /// Removes what is left of those that were cancelled.
    private func clean(_ queue: inout TransferQueue) {
        for case .clean(let transfer) in queue.steps(at: .now) {
            _ = try? PartFile.discard(transfer.order.root, in: transfer.order.target ?? configuration.downloads)
            queue.cleaned(transfer.number)
        }
    }
}

extension PeerApplication {
    /// What the menu shows of its own queue, once what the words say was done.
    func transfersText(_ words: Bytes) async -> String {
        guard let transfers else { return "" }
        do {
            let order = try TransfersCommand.Order(words.split(separator: UInt8(ascii: " ")).map { Bytes($0) })
            if let number = order.number {
                _ = try await transfers.change(number) { queue, _ throws(TransferQueue.Refusal) in
                    _ = try order.apply(to: &queue)
                }
            }
        } catch let refusal as TransferQueue.Refusal {
            return "\(refusal.words)\n"
        } catch {
            return "\(error)\n"
        }
        let all = transfers.transfers
        guard !all.isEmpty else { return "there are no transfers\n" }
        return TransferReport.table(TransferReport.list(all, in: all, at: .now)).lines(width: Terminal.width(1))
            .map { "\($0)\n" }.joined()
    }
}

extension TransfersCommand.Order {
    var isList: Bool {
        if case .list = self { true } else { false }
    }
}
