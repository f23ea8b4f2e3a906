package import P2PProtocol
package import P2PRuntime
internal import Synchronization

/// The ids that indexes have given to this peer, with their tokens: kept in its state, so that it comes back as the
/// same. Lost ones cost a new id, nothing else.
package final class IndexCredentials: Sendable {
    /// An id and what proves that it is ours.
    package struct Credential: Hashable, Sendable {
        package let id: Int
        package let token: Bytes

        package init(id: Int, token: Bytes) {
            (self.id, self.token) = (id, token)
        }
    }

    /// Nil for a peer that does not come back.
    private let path: Bytes?
    private let known: Mutex<[String: Credential]>

    /// Reads the file, if there is one; blocks on the disk.
    package init(path: Bytes?) {
        self.path = path
        known = Mutex(path.flatMap(Self.read) ?? [:])
    }

    package subscript(server: ServerAddress) -> Credential? {
        known.withLock { $0[server.description] }
    }

    /// Keeps a credential; blocks on the disk.
    package func keep(_ credential: Credential, for server: ServerAddress) throws(SystemError) {
        let document = known.withLock { known -> Bytes? in
            guard known[server.description] != credential else { return nil }
            known[server.description] = credential
            return Self.document(known)
        }
        if let path, let document { try AtomicFile.save(document, to: path) }
    }

    private static func document(_ known: [String: Credential]) -> Bytes {
        let entries = known.sorted { $0.key < $1.key }.map { server, credential in
            JSON.object([
                JSON.Member("server", .text(server)), JSON.Member("id", .integer(credential.id)),
                JSON.Member("token", .string(credential.token)),
            ])
        }
        return JSON.array(entries).encoded(isPretty: true) + [UInt8(ascii: "\n")]
    }

    private static func read(_ path: Bytes) -> [String: Credential]? {
        guard let text = contents(of: path), let entries = try? JSON.parse(text).array else { return nil }
        var known: [String: Credential] = [:]
        for entry in entries {
            guard let server = entry["server"]?.string, let id = entry["id"]?.integer, id > 0,
                let token = entry["token"]?.string, (1...Limits.standard.tokenBytes).contains(token.count)
            else { continue }
            known[String(decoding: server, as: UTF8.self)] = Credential(id: id, token: token)
        }
        return known
    }

    private static func contents(of path: Bytes) -> Bytes? {
        guard let file = try? Descriptor.openFile(path), let size = try? file.status().identity.size else { return nil }
        guard size <= Limits.standard.jsonBytes else { return nil }
        var text = Bytes(repeating: 0, count: size)
        let count = try? text.withUnsafeMutableBytes { (buffer) throws(SystemError) in
            try file.read(into: buffer, at: 0)
        }
        return count == size ? text : nil
    }
}
