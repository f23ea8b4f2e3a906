internal import P2PProtocol
internal import P2PRuntime

/// `peer favourites add|remove|list`: whose requests go before all others. A running peer follows the list.
struct FavouritesCommand {
    /// What is to be done, as the command line or the menu says it.
    enum Order {
        case add(Bytes)
        case remove(Bytes)
        case list

        init(_ words: [Bytes]) throws(Misuse) {
            let rest = Bytes(words.dropFirst().joined(separator: [UInt8(ascii: " ")]))
            switch (words.first.map { String(decoding: $0, as: UTF8.self) }, words.count) {
            case ("add", 2...): self = .add(rest)
            case ("remove", 2...): self = .remove(rest)
            case (nil, _), ("list", 1): self = .list
            default: throw Misuse("favourites add NAME, favourites remove NAME or favourites list")
            }
            guard rest.count <= 64, !rest.contains(0) else { throw Misuse("a favourite has at most 64 bytes") }
        }
    }

    let configuration: PeerConfiguration
    let isJSON: Bool

    func run(_ order: Order) throws -> ExitCode {
        _ = try PeerState(configuration.stateFolder)
        let saved = configuration.savedFavourites
        switch order {
        case .add(let favourite): complain("\(display(favourite)) \(try Self.add(favourite, saved))")
        case .remove(let favourite):
            guard try saved.remove(favourite) else {
                complain("\(display(favourite)) is none of the favourites")
                return .notFound
            }
            complain("\(display(favourite)) is no longer served first")
        case .list: show(saved.favourites)
        }
        return .done
    }

    private static func add(_ favourite: Bytes, _ saved: SavedFavourites) throws -> String {
        try saved.add(favourite) ? "is served first from now on" : "is served first already"
    }

    private func show(_ favourites: [Bytes]) {
        guard isJSON else { return StandardOutput.write(favourites.map { "\(display($0))\n" }.joined()) }
        let document = JSON.object([JSON.Member("favourites", .array(favourites.map { .text(display($0)) }))])
        StandardOutput.write(document.encoded() + [UInt8(ascii: "\n")])
    }
}
