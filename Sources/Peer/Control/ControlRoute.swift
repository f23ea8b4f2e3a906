package import P2PProtocol

/// What can be asked of a running peer by its own user. Whatever is not here does not exist.
package enum ControlRoute: Equatable, Sendable {
    /// What it is, and which servers it uses.
    case about
    /// How it is doing.
    case status
    /// Which of its files nobody else has.
    case rare
    /// What every server can be asked.
    case inquiry(Inquiry)
    case transfers
    /// Those that have changed since the queue was at this revision.
    case news(since: Int)
    /// Orders, in the body.
    case order
    /// One order, in the body, that is to be played while it comes.
    case play
    case transfer(Int)
    case pause(Int)
    case resume(Int)
    case cancel(Int)
    /// To a place of the queue, counted from 1.
    case move(Int, to: Int)

    /// Finds the route of a request, or how it is refused.
    package static func find(_ request: RequestHead) -> ControlRouting {
        guard let components = request.target.components, request.target.items != nil,
            components.first == Bytes(ascii: "v1")
        else { return .refused(.notFound) }
        let words = components.dropFirst().map { String(decoding: $0, as: UTF8.self) }
        guard let route = ControlRoute(words, request.target, isOrder: request.method == .post) else {
            return .refused(.notFound)
        }
        guard request.method == (route.isChange ? .post : .get) else { return .refused(.methodNotAllowed) }
        return .found(route)
    }

    private init?(_ words: [String], _ target: RequestTarget, isOrder: Bool) {
        switch (words.first, words.count) {
        case ("about", 1): self = .about
        case ("status", 1): self = .status
        case ("rare", 1): self = .rare
        case ("transfers", 1) where isOrder: self = .order
        case ("transfers", 1):
            guard let revision = target.value(of: "since") else {
                self = .transfers
                return
            }
            guard let revision = Decimal.parse(revision) else { return nil }
            self = .news(since: revision)
        case ("streams", 1): self = .play
        case ("transfers", 2...3):
            guard let number = Decimal.parse(words[1].utf8) else { return nil }
            self.init(words.count == 2 ? nil : words[2], number, target)
        case (let word?, 1):
            guard let inquiry = Inquiry(word, target) else { return nil }
            self = .inquiry(inquiry)
        default: return nil
        }
    }

    private init?(_ word: String?, _ number: Int, _ target: RequestTarget) {
        switch word {
        case nil: self = .transfer(number)
        case "pause": self = .pause(number)
        case "resume": self = .resume(number)
        case "cancel": self = .cancel(number)
        case "move":
            guard let place = target.value(of: "to").flatMap({ Decimal.parse($0) }) else { return nil }
            self = .move(number, to: place)
        default: return nil
        }
    }

    /// Whether it changes something: POST, and nothing that a link can do.
    package var isChange: Bool {
        switch self {
        case .order, .play, .pause, .resume, .cancel, .move: true
        default: false
        }
    }

    /// The target that a request for this route carries.
    package var target: RequestTarget? {
        switch self {
        case .about: Self.target("/v1/about")
        case .status: Self.target("/v1/status")
        case .rare: Self.target("/v1/rare")
        case .inquiry(let inquiry): Self.target("/v1/\(inquiry.word)", inquiry.items)
        case .transfers, .order: Self.target("/v1/transfers")
        case .news(let revision): Self.target("/v1/transfers", [("since", Bytes(decimal: revision))])
        case .play: Self.target("/v1/streams")
        case .transfer(let number): Self.target("/v1/transfers/\(number)")
        case .pause(let number): Self.target("/v1/transfers/\(number)/pause")
        case .resume(let number): Self.target("/v1/transfers/\(number)/resume")
        case .cancel(let number): Self.target("/v1/transfers/\(number)/cancel")
        case .move(let number, let place):
            Self.target("/v1/transfers/\(number)/move", [("to", Bytes(decimal: place))])
        }
    }

    private static func target(_ path: String, _ items: [(String, Bytes)] = []) -> RequestTarget? {
        var text = Bytes(path.utf8)
        var separator = UInt8(ascii: "?")
        for (name, value) in items {
            text += [separator] + Bytes(name.utf8) + [UInt8(ascii: "=")] + PercentEncoding.encode(value)
            separator = UInt8(ascii: "&")
        }
        return RequestTarget(text)
    }
}

/// Where a request leads.
package enum ControlRouting: Equatable, Sendable {
    case found(ControlRoute)
    case refused(HTTPStatus)
}
