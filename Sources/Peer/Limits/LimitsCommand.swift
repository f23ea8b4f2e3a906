internal import P2PProtocol
internal import P2PRuntime

/// `peer limits`: how fast files may go and come. A running peer follows what is set.
struct LimitsCommand {
    let configuration: PeerConfiguration
    let isJSON: Bool

    func run(_ changes: [TransferLimits.Kind: TransferLimits.Change]) throws -> ExitCode {
        _ = try PeerState(configuration.stateFolder)
        let saved = configuration.savedLimits
        if !changes.isEmpty { try saved.apply(changes) }
        let limits = saved.limits(over: configuration.limits)
        if isJSON {
            StandardOutput.write(Self.document(limits).encoded() + [UInt8(ascii: "\n")])
        } else {
            StandardOutput.write(Self.text(limits))
        }
        return .done
    }

    /// What the flags say.
    static func changes(
        _ invocation: Invocation
    ) throws(Misuse) -> [TransferLimits.Kind: TransferLimits.Change] {
        var changes: [TransferLimits.Kind: TransferLimits.Change] = [:]
        for kind in TransferLimits.Kind.allCases {
            guard let text = invocation.value(of: "--\(kind.rawValue)") else { continue }
            changes[kind] = try TransferLimits.Change(text)
        }
        return changes
    }

    /// What the menu's words say: `upload 500K download off`.
    static func changes(words text: Bytes) throws(Misuse) -> [TransferLimits.Kind: TransferLimits.Change] {
        let words = text.split(separator: UInt8(ascii: " ")).map { Bytes($0) }
        var changes: [TransferLimits.Kind: TransferLimits.Change] = [:]
        for index in stride(from: 0, to: words.count, by: 2) {
            guard let kind = TransferLimits.Kind(rawValue: String(decoding: words[index], as: UTF8.self)),
                index + 1 < words.count
            else {
                throw Misuse("limits, or limits upload RATE, download RATE, per-peer RATE; RATE is 500K, off, default")
            }
            changes[kind] = try TransferLimits.Change(words[index + 1])
        }
        return changes
    }

    /// For programs: bytes a second, null for no limit.
    static func document(_ limits: TransferLimits) -> JSON {
        .object([
            JSON.Member("upload", .optional(limits.upload)), JSON.Member("perPeer", .optional(limits.perPeer)),
            JSON.Member("download", .optional(limits.download)),
        ])
    }

    /// For people.
    static func text(_ limits: TransferLimits) -> String {
        TransferLimits.Kind.allCases.map { kind in
            let name = kind.rawValue + String(repeating: " ", count: 10 - kind.rawValue.utf8.count)
            let rate = limits[keyPath: kind.path].map { Amount.rate($0) } ?? "no limit"
            return "\(name)\(rate) for \(kind.words)\n"
        }.joined()
    }
}

extension PeerConfiguration {
    /// What the configuration alone says.
    var limits: TransferLimits {
        TransferLimits(
            upload: uploadBytesPerSecond, perPeer: uploadBytesPerSecondPerPeer, download: downloadBytesPerSecond)
    }

    /// What the user has set beside it.
    var savedLimits: SavedLimits { SavedLimits(file: Path.join(stateFolder, Bytes(ascii: "limits"))) }

    /// Whose requests the user wants served first.
    var savedFavourites: SavedFavourites {
        SavedFavourites(file: Path.join(stateFolder, Bytes(ascii: "favourites")), configured: favourites)
    }
}
