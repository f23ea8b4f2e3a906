internal import P2PProtocol
internal import P2PRuntime
internal import Synchronization

/// The settings of an index that runs, and what administrators have made of them. What they change ends with the
/// program.
final class RunningSettings: Sendable {
    /// What can change while the index runs.
    private static let changeable = [
        IndexSettings.logLevel, IndexSettings.Limits.connections, IndexSettings.Limits.filesPerPeer,
        IndexSettings.Limits.files, IndexSettings.Limits.rememberedFiles,
    ]

    private let settings: Mutex<Settings>
    private let connections: Atomic<Int>

    init(_ settings: Settings) {
        self.settings = Mutex(settings)
        connections = Atomic(settings.integer(IndexSettings.Limits.connections))
    }

    /// Connections at a time.
    var maximumConnections: Int { connections.load(ordering: .relaxed) }

    /// Every setting of the index with its value.
    var all: [(name: Bytes, value: Bytes)] {
        settings.withLock { settings in
            IndexSettings.all.map { (Bytes($0.path.utf8), settings.value(of: $0).text) }
        }
    }

    /// Changes all of them, or none.
    func change(_ changes: [ConfigRequest.Setting], log: Logger, engine: ReadersWriterLock<Engine>) throws(WireError) {
        let draft = try settings.withLock { (settings) throws(WireError) in
            var draft = settings
            for change in changes { try Self.apply(change, to: &draft) }
            settings = draft
            return draft
        }
        connections.store(draft.integer(IndexSettings.Limits.connections), ordering: .relaxed)
        if let level = LogLevel(name: draft.text(IndexSettings.logLevel)) { log.level = level }
        engine.write { engine in
            engine.limits.filesPerPeer = draft.integer(IndexSettings.Limits.filesPerPeer)
            engine.limits.filesInAll = draft.integer(IndexSettings.Limits.files)
            engine.limits.rememberedFiles = draft.integer(IndexSettings.Limits.rememberedFiles)
        }
    }

    private static func apply(_ change: ConfigRequest.Setting, to draft: inout Settings) throws(WireError) {
        // What Redis calls it, for those who know it by that.
        let name = change.name == Bytes(ascii: "maxclients") ? Bytes("index.limits.connections".utf8) : change.name
        guard let setting = changeable.first(where: { Bytes($0.path.utf8) == name }) else {
            let names = changeable.map(\.path).joined(separator: ", ")
            throw WireError(
                "CONFIG SET: '\(display(name))' is not one of those that can change while the index runs: \(names)")
        }
        do {
            try draft.change(setting, to: change.value)
        } catch {
            throw WireError("CONFIG SET: \(error)")
        }
    }
}

extension SettingValue {
    /// As it would be written into the environment.
    fileprivate var text: Bytes {
        switch self {
        case .integer(let number): Bytes(decimal: number)
        case .flag(let isSet): isSet ? Bytes(ascii: "true") : Bytes(ascii: "false")
        case .text(let text): text
        case .list(let elements): Bytes(elements.joined(separator: [UInt8(ascii: ",")]))
        }
    }
}
