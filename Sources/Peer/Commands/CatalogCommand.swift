internal import Glibc
internal import P2PProtocol
internal import P2PRuntime

/// `peer catalog get|add|edit|all`: what is known about titles, at all servers at once.
struct CatalogCommand {
    /// What is to be done, as the command line says it.
    enum Order {
        case get(Bytes)
        case add(Bytes, [MetaFields.Field])
        case edit(Bytes, [MetaFields.Field])
        case all

        init(_ words: [Bytes]) throws(Misuse) {
            switch (words.first.map { String(decoding: $0, as: UTF8.self) }, words.count) {
            case ("get", 2): self = .get(words[1])
            case ("add", 3...): self = .add(words[1], try Self.fields(words[2...]))
            case ("edit", 3...): self = .edit(words[1], try Self.fields(words[2...]))
            case ("all", 1): self = .all
            default:
                throw Misuse("catalog get TITLE, catalog add|edit TITLE FIELD=VALUE…, or catalog all")
            }
        }

        /// `FIELD=VALUE` each, or a field and then its value.
        private static func fields(_ words: ArraySlice<Bytes>) throws(Misuse) -> [MetaFields.Field] {
            var fields: [MetaFields.Field] = []
            var rest = words
            while let word = rest.popFirst() {
                if let sign = word.firstIndex(of: UInt8(ascii: "=")), sign > 0 {
                    fields.append(.init(name: Bytes(word[..<sign]), value: Bytes(word[(sign + 1)...])))
                } else if let value = rest.popFirst() {
                    fields.append(.init(name: word, value: value))
                } else {
                    throw Misuse("the field \(display(word)) has no value: write \(display(word))=VALUE")
                }
            }
            return fields
        }
    }

    let group: IndexGroup
    /// In whose name something is said.
    let user: Bytes
    let isJSON: Bool

    func run(_ order: Order) async -> ExitCode {
        switch order {
        case .get(let title):
            let answer = await group.record(of: title)
            let known = TitleComparison(answer.answers)
            return finish(answer, isFound: known != nil, known.map { [$0] } ?? [])
        case .all:
            let answer = await group.records()
            return finish(answer, isFound: true, TitleComparison.all(of: answer.answers))
        case .add(let title, let fields):
            return finish(await group.add(Self.said(title, fields, by: user)), title)
        case .edit(let title, let fields):
            return finish(await group.edit(Self.said(title, fields, by: user)), title)
        }
    }

    /// With one stamp for all servers, so that they agree.
    static func said(_ title: Bytes, _ fields: [MetaFields.Field], by user: Bytes) -> MetaFields {
        MetaFields(
            title: title, fields: fields, stamp: .init(time: Int(WallClock.now.milliseconds), user: user))
    }

    private func finish<Value>(_ answer: GroupAnswer<Value>, isFound: Bool, _ known: [TitleComparison]) -> ExitCode {
        for complaint in answer.complaints { complain(complaint) }
        if isJSON {
            write([JSON.Member("titles", .array(known.map(\.json)))] + answer.failureMembers)
        } else {
            if !answer.isEmpty, !isFound { complain("not found") }
            let width = Terminal.width(STDOUT_FILENO)
            for title in known { StandardOutput.write(title.text(width: width)) }
        }
        guard !answer.isEmpty else { return .failed }
        return isFound ? .done : .notFound
    }

    private func finish(_ answer: GroupAnswer<TitleChange>, _ title: Bytes) -> ExitCode {
        for complaint in answer.complaints { complain(complaint) }
        if isJSON {
            let servers = answer.answers.map { server, change in
                var members = [JSON.Member("server", .text("\(server)")), JSON.Member("result", .text(change.text))]
                if case .changed(let count) = change { members.append(JSON.Member("changed", .integer(count))) }
                return JSON.object(members)
            }
            write([JSON.Member("servers", .array(servers))] + answer.failureMembers)
        } else {
            StandardOutput.write(MenuText.changes(answer, isSingle: group.isSingle))
        }
        guard !answer.isEmpty else { return .failed }
        guard answer.answers.contains(where: { $0.value != .unknown }) else {
            complain("no server knows \(display(title)): catalog add makes it known")
            return .notFound
        }
        return .done
    }

    private func write(_ members: [JSON.Member]) {
        StandardOutput.write(JSON.object(members).encoded() + [UInt8(ascii: "\n")])
    }
}

extension PeerConfiguration {
    /// In whose name this peer says something about a title.
    var speaker: Bytes {
        let login = Process.environment("USER").map { Bytes($0.utf8) } ?? []
        let names: [Bytes] = [user ?? [], name, Bytes(login.prefix(Limits.standard.labelBytes))]
        return names.first { !$0.isEmpty } ?? Bytes(ascii: "peer")
    }
}
