internal import P2PProtocol
internal import P2PRuntime

/// `peer wish add|remove|list`: what its user would like to have. A running peer follows the list.
struct WishCommand {
    /// What is to be done, as the command line or the menu says it.
    enum Order {
        case add(Bytes)
        case remove(Int)
        case list

        init(_ words: [Bytes]) throws(Misuse) {
            let rest = Bytes(words.dropFirst().joined(separator: [UInt8(ascii: " ")]))
            switch (words.first.map { String(decoding: $0, as: UTF8.self) }, words.count) {
            case ("add", 2...): self = .add(rest)
            case ("remove", 2):
                guard let number = Decimal.parse(rest), number > 0 else { throw Misuse("wish remove needs a number") }
                self = .remove(number)
            case (nil, _), ("list", 1): self = .list
            default: throw Misuse("wish add QUERY [--get], wish remove N or wish list")
            }
        }
    }

    let configuration: PeerConfiguration
    let isFetched: Bool
    let isJSON: Bool

    func run(_ order: Order) throws -> ExitCode {
        _ = try PeerState(configuration.stateFolder)
        let saved = configuration.savedWishes
        switch order {
        case .add(let query):
            show([try saved.add(query, isFetched: isFetched)])
            return .done
        case .remove(let number):
            guard let wish = try saved.remove(number) else {
                complain("there is no wish \(number)")
                return .notFound
            }
            show([wish])
            return .done
        case .list:
            let wishes = saved.wishes
            if wishes.isEmpty, !isJSON { complain("nothing is wished for") }
            show(wishes)
            return .done
        }
    }

    private func show(_ wishes: [Wish]) {
        if isJSON {
            let document = JSON.object([JSON.Member("wishes", .array(wishes.map(\.json)))])
            StandardOutput.write(document.encoded() + [UInt8(ascii: "\n")])
        } else {
            StandardOutput.write(Self.text(wishes))
        }
    }

    /// For people.
    static func text(_ wishes: [Wish]) -> String {
        guard !wishes.isEmpty else { return "" }
        var table = TextTable([.init("N", alignsRight: true), .init("THEN"), .init("QUERY", isElastic: true)])
        for wish in wishes {
            table.add([Bytes(decimal: wish.number), Bytes((wish.isFetched ? "get" : "tell").utf8), wish.query])
        }
        return table.lines(width: Terminal.width(1)).map { "\($0)\n" }.joined()
    }
}

extension PeerConfiguration {
    /// What the user waits for.
    var savedWishes: SavedWishes { SavedWishes(file: Path.join(stateFolder, Bytes(ascii: "wishes"))) }
}

extension PeerApplication {
    /// Listens for what is wished for, and for those who are away.
    func followWishes() {
        guard let wishes else { return }
        Task { await wishes.run() }
    }

    /// What the menu says of the wishes, once what the words say was done; `--get` among them as on the command line.
    func wishesText(_ text: Bytes) async -> String {
        let words = text.split(separator: UInt8(ascii: " ")).map { Bytes($0) }
        let flag = Bytes(ascii: "--get")
        do {
            let order = try WishCommand.Order(words.filter { $0 != flag })
            let saved = configuration.savedWishes
            let wishes = try await disk.run {
                switch order {
                case .add(let query): _ = try saved.add(query, isFetched: words.contains(flag))
                case .remove(let number): _ = try saved.remove(number)
                case .list: break
                }
                return saved.wishes
            }
            return wishes.isEmpty ? "nothing is wished for\n" : WishCommand.text(wishes)
        } catch {
            return "\(error)\n"
        }
    }
}
