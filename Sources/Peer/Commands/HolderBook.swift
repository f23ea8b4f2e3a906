internal import P2PRuntime
internal import Synchronization

/// Who has a content, as far as the indexes have said it: whom a download asks, and whom to name to which index.
final class HolderBook: Sendable {
    /// An index that names somebody new each time does not fill the memory.
    private static let most = 4_096

    private let accepts: @Sendable (Holder) -> Bool
    private let holders = Mutex<[Endpoint: Holder]>([:])

    init(accepting accepts: @escaping @Sendable (Holder) -> Bool) {
        self.accepts = accepts
    }

    /// Notes them; those of them who can be asked, whole files before parts. The first index to name somebody counts.
    func add(_ found: [Holder]) -> [DownloadSource] {
        let willing = found.filter(accepts)
        let ordered = willing.filter { !$0.source.isPartial } + willing.filter(\.source.isPartial)
        return ordered.compactMap { holder in
            let source = holder.source
            guard let endpoint = source.endpoint else { return nil }
            holders.withLock { holders in
                if holders.count < Self.most, holders[endpoint] == nil { holders[endpoint] = holder }
            }
            return DownloadSource(
                id: source.id, endpoint: endpoint, isPartial: source.isPartial, certificate: source.certificate)
        }
    }

    func holder(at endpoint: Endpoint) -> Holder? { holders.withLock { $0[endpoint] } }
}
