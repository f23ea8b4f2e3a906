package import P2PProtocol
internal import P2PRuntime

/// Several indexes side by side. All are asked at once, and none that is slow or down keeps the others' answers back.
package struct IndexGroup: Sendable {
    /// How long an answer may take before its server is left out.
    package static let patience: Duration = .seconds(4)

    package let links: [IndexLink]

    package init(_ links: [IndexLink]) {
        self.links = links
    }

    /// Ids of one server alone need not say which.
    package var isSingle: Bool { links.count == 1 }

    /// What a query finds, as one list; with `offline` also what nobody has who is connected.
    package func search(
        _ query: Bytes, limit: Int = Limits.standard.pageDefault, offline: Bool = false
    ) async -> GroupAnswer<[IndexHit]> {
        await ask { connection throws(IndexFailure) in
            try await connection.search(query, page: Page(limit: limit), offline: offline, within: Self.patience)
                .entries
        }
    }

    /// Everything that a query finds, page after page, up to `limit` from each server.
    package func searchAll(_ query: Bytes, limit: Int = 1_000_000) async -> GroupAnswer<[IndexHit]> {
        await ask { connection throws(IndexFailure) in
            try await IndexPage.all(upTo: limit) { page throws(IndexFailure) in
                try await connection.search(query, page: page, within: Self.patience)
            }
        }
    }

    /// Which servers know something of exactly that name.
    package func check(_ name: Bytes) async -> GroupAnswer<Bool> {
        await ask { connection throws(IndexFailure) in try await connection.check(name, within: Self.patience) }
    }

    package func peers() async -> GroupAnswer<[IndexPeer]> {
        await ask { connection throws(IndexFailure) in try await connection.peers(within: Self.patience) }
    }

    /// All names that a query finds, at most `limit` from each server.
    package func names(_ query: Bytes = [], limit: Int = .max) async -> GroupAnswer<[Bytes]> {
        await ask { connection throws(IndexFailure) in
            try await IndexPage.all(upTo: limit) { page throws(IndexFailure) in
                try await connection.list(query, page: page, within: Self.patience)
            }
        }
    }

    /// Puts a question to every server.
    package func ask<Value: Sendable>(
        _ question: @escaping @Sendable (IndexConnection) async throws(IndexFailure) -> Value
    ) async -> GroupAnswer<Value> {
        var results: [Result<Value, IndexFailure>?] = Array(repeating: nil, count: links.count)
        await withTaskGroup(of: (Int, Result<Value, IndexFailure>).self) { group in
            for (index, link) in links.enumerated() {
                group.addTask {
                    do throws(IndexFailure) {
                        return (index, .success(try await question(try link.connection.get())))
                    } catch {
                        return (index, .failure(error))
                    }
                }
            }
            for await (index, result) in group { results[index] = result }
        }
        return sort(results)
    }

    private func sort<Value>(_ results: [Result<Value, IndexFailure>?]) -> GroupAnswer<Value> {
        var answers: [(server: ServerAddress, value: Value)] = []
        var failures: [(server: ServerAddress, failure: IndexFailure)] = []
        for (link, result) in zip(links, results) {
            switch result {
            case .success(let value)?: answers.append((link.server, value))
            case .failure(let failure)?: failures.append((link.server, failure))
            case nil: failures.append((link.server, .timedOut))
            }
        }
        return GroupAnswer(answers: answers, failures: failures)
    }
}
