package import P2PProtocol
internal import P2PRuntime

/// The limits that its user has set beside the configuration, in the peer's state. A running peer looks at them again
/// and again.
package struct SavedLimits: Sendable {
    private let list: SavedList

    /// They are kept in that file, which need not be there.
    package init(file: Bytes) { list = SavedList(file: file) }

    /// The limits in force, where the configuration says these.
    package func limits(over configured: TransferLimits) -> TransferLimits {
        saved.reduce(into: configured) { limits, entry in
            limits[keyPath: entry.key.path] = entry.value == 0 ? nil : entry.value
        }
    }

    /// Changes some of them.
    package func apply(_ changes: [TransferLimits.Kind: TransferLimits.Change]) throws {
        var saved = saved
        for (kind, change) in changes {
            switch change {
            case .to(let rate): saved[kind] = rate ?? 0
            case .back: saved[kind] = nil
            }
        }
        try list.save(
            TransferLimits.Kind.allCases.compactMap { kind in
                saved[kind].map { Bytes("\(kind.rawValue) \($0)".utf8) }
            })
    }

    /// 0 is no limit.
    private var saved: [TransferLimits.Kind: Int] {
        list.entries.reduce(into: [:]) { saved, line in
            let parts = line.split(separator: UInt8(ascii: " "))
            guard parts.count == 2, let rate = Decimal.parse(parts[1]),
                let kind = TransferLimits.Kind(rawValue: String(decoding: parts[0], as: UTF8.self))
            else { return }
            saved[kind] = rate
        }
    }
}
