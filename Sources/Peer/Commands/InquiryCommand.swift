internal import P2PProtocol
internal import P2PRuntime

/// `peer search`, `peer check`, `peer list`: a question to all servers, the answer on standard output.
struct InquiryCommand {
    let servers: [ServerAddress]
    let loops: LoopGroup
    let isJSON: Bool

    private var isSingle: Bool { servers.count == 1 }

    func search(_ query: Bytes) async -> ExitCode {
        let answer = await group().search(query, limit: Limits.standard.pageMaximum)
        return finish(answer, isFound: !answer.merged.isEmpty) {
            [JSON.Member("hits", .array(answer.merged.map(\.json)))]
        } text: {
            answer.merged.map { MenuText.information($0, isSingle: isSingle) }.joined()
        }
    }

    func check(_ name: Bytes) async -> ExitCode {
        let answer = await group().check(name)
        let isKnown = answer.answers.contains { $0.value }
        return finish(answer, isFound: isKnown) {
            let servers = answer.answers.map { server, isKnown in
                JSON.object([JSON.Member("server", .text("\(server)")), JSON.Member("exists", .bool(isKnown))])
            }
            return [JSON.Member("exists", .bool(isKnown)), JSON.Member("servers", .array(servers))]
        } text: {
            MenuText.existence(answer, isSingle: isSingle)
        }
    }

    /// Without a query all names; that there are none is then no failure.
    func list(_ query: Bytes) async -> ExitCode {
        let answer = await group().names(query)
        let names = answer.distinct
        return finish(answer, isFound: !names.isEmpty || query.isEmpty) {
            [JSON.Member("names", .array(names.map { .object(JSON.members(name: $0)) }))]
        } text: {
            names.map { "\(display($0))\n" }.joined()
        }
    }

    // MARK: -

    func group() async -> IndexGroup {
        guard let loop = loops.loops.first else { return IndexGroup([]) }
        return IndexGroup(await IndexLink.open(to: servers, on: loop))
    }

    private func finish<Value>(
        _ answer: GroupAnswer<Value>, isFound: Bool, json: () -> [JSON.Member], text: () -> String
    ) -> ExitCode {
        for complaint in answer.complaints { complain(complaint) }
        if isJSON {
            let members = answer.isEmpty ? [] : json()
            StandardOutput.write(JSON.object(members + answer.failureMembers).encoded() + [UInt8(ascii: "\n")])
        } else if !answer.isEmpty {
            let text = text()
            if text.isEmpty, !isFound { complain("not found") }
            StandardOutput.write(text)
        }
        guard !answer.isEmpty else { return .failed }
        return isFound ? .done : .notFound
    }
}
