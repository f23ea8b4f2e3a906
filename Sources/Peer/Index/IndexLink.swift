package import P2PRuntime

/// An index as it can be asked just now: over its connection, or not at all.
package struct IndexLink: Sendable {
    package let server: ServerAddress
    package let connection: Result<IndexConnection, IndexFailure>

    package init(_ server: ServerAddress, _ connection: Result<IndexConnection, IndexFailure>) {
        (self.server, self.connection) = (server, connection)
    }

    /// Connects to all servers at once, for a few questions.
    package static func open(
        to servers: [ServerAddress], on loop: EventLoop, as account: IndexAccount? = nil
    ) async -> [IndexLink] {
        await withTaskGroup(of: (Int, IndexLink).self) { group in
            for (index, server) in servers.enumerated() {
                group.addTask {
                    do throws(IndexFailure) {
                        return (
                            index,
                            IndexLink(
                                server, .success(try await IndexConnection.open(to: server, on: loop, as: account)))
                        )
                    } catch {
                        return (index, IndexLink(server, .failure(error)))
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }
}
