package import P2PProtocol
package import P2PRuntime

/// The keys by which this device is let in, one for each server that it has joined: in its state, for its owner's eyes
/// only. Blocks on the disk.
///
/// Beside a key that is good there can be others: of invitations of which nobody knows whether they were redeemed.
package final class DeviceKeys: Sendable {
    private struct Entry: Equatable {
        let server: String
        let login: Login
    }

    private let path: Bytes

    /// The file need not be there yet.
    package init(path: Bytes) { self.path = path }

    /// The name and the key for a server, as they are now: another program of the user may have joined meanwhile.
    package subscript(server: ServerAddress) -> Login? { all(for: server).first }

    /// The one that was good last, and then those that may be.
    package func all(for server: ServerAddress) -> [Login] {
        entries.filter { $0.server == server.description }.map(\.login)
    }

    /// Keeps a key that may become good, behind those that there are.
    package func add(_ login: Login, for server: ServerAddress) throws(SystemError) {
        try save(entries + [Entry(server: server.description, login: login)])
    }

    /// Forgets one.
    package func remove(_ login: Login, for server: ServerAddress) throws(SystemError) {
        let entry = Entry(server: server.description, login: login)
        try save(entries.filter { $0 != entry })
    }

    /// This is the good one; no other is needed.
    package func confirm(_ login: Login, for server: ServerAddress) throws(SystemError) {
        try save(entries.filter { $0.server != server.description } + [Entry(server: server.description, login: login)])
    }

    private func save(_ entries: [Entry]) throws(SystemError) {
        let document = JSON.array(
            entries.map { entry in
                JSON.object([
                    JSON.Member("server", .text(entry.server)), JSON.Member("user", .string(entry.login.user)),
                    JSON.Member("key", .string(entry.login.password)),
                ])
            })
        try AtomicFile.save(document.encoded(isPretty: true) + [UInt8(ascii: "\n")], to: path)
    }

    private var entries: [Entry] {
        guard let text = AtomicFile.load(path, atMost: Limits.standard.jsonBytes),
            let rows = try? JSON.parse(text).array
        else { return [] }
        return rows.compactMap { row in
            guard let server = row["server"]?.string, let user = row["user"]?.string, let key = row["key"]?.string
            else { return nil }
            return Entry(server: String(decoding: server, as: UTF8.self), login: Login(user: user, password: key))
        }
    }
}
