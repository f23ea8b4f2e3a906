package import P2PProtocol
package import P2PRuntime
internal import Synchronization

/// The keys by which this device is let in, one for each server that it has joined: in its state, for its owner's eyes
/// only. Blocks on the disk.
package final class DeviceKeys: Sendable {
    private let path: Bytes

    /// The file need not be there yet.
    package init(path: Bytes) { self.path = path }

    /// The name and the key for a server, as they are now: another program of the user may have joined meanwhile.
    package subscript(server: ServerAddress) -> Login? {
        entries.first { $0.server == server.description }?.login
    }

    /// Keeps a key, or forgets it.
    package func set(_ login: Login?, for server: ServerAddress) throws(SystemError) {
        var all = entries.filter { $0.server != server.description }
        if let login { all.append((server.description, login)) }
        let document = JSON.array(
            all.map { server, login in
                JSON.object([
                    JSON.Member("server", .text(server)), JSON.Member("user", .string(login.user)),
                    JSON.Member("key", .string(login.password)),
                ])
            })
        try AtomicFile.save(document.encoded(isPretty: true) + [UInt8(ascii: "\n")], to: path)
    }

    private var entries: [(server: String, login: Login)] {
        guard let text = AtomicFile.load(path, atMost: Limits.standard.jsonBytes),
            let rows = try? JSON.parse(text).array
        else { return [] }
        return rows.compactMap { row in
            guard let server = row["server"]?.string, let user = row["user"]?.string, let key = row["key"]?.string
            else { return nil }
            return (String(decoding: server, as: UTF8.self), Login(user: user, password: key))
        }
    }
}
