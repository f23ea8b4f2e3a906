package import P2PProtocol
package import P2PRuntime
internal import Synchronization

/// By what this peer is let in at its servers: a name and a password, which are kept in memory only, or the keys that it
/// has got by joining.
package final class IndexAccount: Sendable {
    private let everywhere: Login?
    private let said = Mutex<[ServerAddress: Login]>([:])
    private let devices: DeviceKeys?

    /// `login` is shown to each server.
    package init(_ login: Login? = nil, devices: DeviceKeys? = nil) {
        (everywhere, self.devices) = (login, devices)
    }

    /// What a person has said for these servers, and for no other.
    package func set(_ login: Login, for servers: [ServerAddress]) {
        said.withLock { said in for server in servers { said[server] = login } }
    }

    /// A server does not take that key; another one may have become good instead, of which nobody heard.
    func note(refused login: Login, by server: ServerAddress) {
        guard let devices, case let all = devices.all(for: server), all.count > 1, all.first == login else { return }
        // To the end of the row: none is given up for good.
        try? devices.remove(login, for: server)
        try? devices.add(login, for: server)
    }

    /// What to show at a server.
    package func login(for server: ServerAddress) -> Login? {
        said.withLock { $0[server] } ?? everywhere ?? devices?[server]
    }
}
