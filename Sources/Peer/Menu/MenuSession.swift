internal import Glibc
internal import P2PProtocol
internal import P2PRuntime

/// The menu at work: asks the machine what to do, does it, and tells it what came of it.
struct MenuSession: ~Copyable {
    private let application: PeerApplication
    private let lines: LineReader
    private var isSingle: Bool { application.roster.isSingle }
    private var machine: MenuMachine
    private var history: LineHistory

    init(_ application: PeerApplication, lines: LineReader) {
        self.application = application
        self.lines = lines
        machine = MenuMachine(isSingle: application.roster.isSingle)
        history = LineHistory(file: Path.join(application.configuration.stateFolder, Bytes(ascii: "history")))
    }

    /// Runs until the user leaves.
    mutating func run() async {
        var waiting = machine.begin()[...]
        while let action = waiting.popFirst(), action != .leave {
            let isLastDownload = action.isDownload && waiting.first?.isDownload != true
            waiting += await perform(action)
            if isLastDownload { waiting += machine.resume() }
        }
    }

    private mutating func perform(_ action: MenuAction) async -> [MenuAction] {
        switch action {
        case .say(let text): StandardOutput.write(text)
        case .prompt(let text): return machine.take(await line(behind: text))
        case .find(let title): return machine.take(await find(title))
        case .check(let title): return machine.take(existence: await check(title), of: title)
        case .download(let content, let isMove): await download(content, isMove: isMove)
        case .describe(let title):
            let (text, complaints) = await description(of: title)
            say(complaints)
            StandardOutput.write(text)
        case .changeServers(let server, let isAddition):
            StandardOutput.write(await application.changeServers(server, adding: isAddition))
            machine.isSingle = isSingle
            return machine.resume()
        case .listServers:
            StandardOutput.write(application.serverLines)
            return machine.resume()
        case .play(let content):
            StandardOutput.write(await play(content))
            return machine.resume()
        case .playOwn(let name):
            StandardOutput.write(await play(name))
            return machine.resume()
        case .inform, .informOfAll, .annotate, .printLibrary, .listTitles, .listPeers, .transfers, .wishes, .limits,
            .favourites:
            StandardOutput.write(await text(for: action))
            return machine.resume()
        case .leave: break
        }
        return []
    }

    // MARK: Typing

    /// What is typed at the menu itself can be called up again.
    private mutating func line(behind prompt: String) async -> Bytes? {
        let isHome = prompt == MenuMachine.prompt
        let line = await lines.ask(prompt, after: isHome ? history.lines : []) { [application] text in
            isHome ? await Self.suggestions(for: text, application) : []
        }
        if isHome, let line, lines.isTerminal {
            history.add(line)
            _ = await application.offLoop { [history] in history.save() }
        }
        return line
    }

    /// Titles come from the servers.
    private static func suggestions(
        for text: Bytes, _ application: PeerApplication
    ) async -> [LineEditor.Suggestion] {
        switch Completion(of: text) {
        case .words(let words): return words
        case .title(let command, let beginning):
            guard let query = Completion.query(for: beginning) else { return [] }
            let answer = await application.roster.group.search(query, limit: 100)
            let titles = answer.merged.map(\.name).prefix(40)
            return Completion.suggestions(Array(titles), for: command, beginning)
        }
    }

    // MARK: Asking

    private func find(_ title: Bytes) async -> FindResult {
        let library = application.library
        if title.last == UInt8(ascii: "/"), let folder = Name(validating: title.dropLast()) {
            return await find(below: folder)
        }
        let own = await application.offLoop { library.entries(exactly: title) } ?? []
        guard own.isEmpty else { return .owned(own.map(\.name)) }
        let answer = await application.roster.group.search(title)
        guard !answer.isEmpty else { return .unanswered(answer.complaints) }
        say(answer.complaints)
        let found = answer.merged
        let owned = found.compactMap(\.root).filter { !library.entries(of: $0).isEmpty }
        let others = application.roster.others(found)
        // What only we have lies here under a name that the query finds, and is no news.
        if others.isEmpty, !owned.isEmpty {
            return .owned(owned.flatMap { library.entries(of: $0).map(\.name) })
        }
        return .found(await measured(others), owned: Set(owned))
    }

    /// Everything below a folder that somebody shares.
    private func find(below folder: Name) async -> FindResult {
        let answer = await application.roster.group.searchAll(FolderSearch.query(for: folder))
        guard !answer.isEmpty else { return .unanswered(answer.complaints) }
        say(answer.complaints)
        let found = await application.roster.group.contents(
            below: folder, application.roster.others(answer.merged), from: nil, application.fetcher)
        let library = application.library
        return .found(found, owned: Set(found.compactMap(\.root).filter { !library.entries(of: $0).isEmpty }))
    }

    /// With the time that those who have them take to answer, where the user is about to choose.
    private func measured(_ contents: [FoundContent]) async -> [FoundContent] {
        let sources = contents.prefix(10).flatMap { $0.holders.map(\.source) }
        let latencies = await Latency.measure(sources, on: application.group)
        return contents.map { $0.measured(latencies) }
    }

    private func check(_ title: Bytes) async -> Bool {
        let answer = await application.roster.group.check(title)
        say(answer.complaints)
        StandardOutput.write(MenuText.existence(answer, isSingle: isSingle))
        return answer.answers.contains { $0.value }
    }

    private func text(for action: MenuAction) async -> String {
        let group = application.roster.group
        switch action {
        case .printLibrary:
            let library = application.library
            let entries = await application.offLoop { library.list() } ?? []
            return MenuText.library(entries, in: library.folders.first?.path ?? [])
        case .listTitles:
            let answer = await group.names(limit: 100_000)
            say(answer.complaints)
            return answer.isEmpty ? "" : MenuText.titles(answer.distinct)
        case .limits(let words): return await application.limitsText(words)
        case .favourites(let words): return await application.favouritesText(words)
        case .wishes(let words): return await application.wishesText(words)
        case .transfers(let words): return await application.transfersText(words)
        case .listPeers:
            let answer = await group.peers()
            say(answer.complaints)
            return MenuText.peers(answer, isSingle: isSingle, width: Terminal.width(STDOUT_FILENO))
        case .inform(let title):
            let answer = await group.search(title)
            say(answer.complaints)
            let contents = answer.merged.map { MenuText.information($0, isSingle: isSingle) }.joined()
            let text = await description(of: title).text + contents
            return text.isEmpty && !answer.isEmpty ? "not found\n" : text
        case .informOfAll:
            let answer = await group.records()
            say(answer.complaints)
            let titles = TitleComparison.all(of: answer.answers)
            return titles.isEmpty && !answer.isEmpty ? "nothing is known about any title yet\n" : text(of: titles)
        case .annotate(let title, let fields, let isAddition):
            let said = CatalogCommand.said(title, fields, by: application.configuration.speaker)
            let answer = isAddition ? await group.add(said) : await group.edit(said)
            say(answer.complaints)
            return MenuText.changes(answer, isSingle: isSingle)
        default: return ""
        }
    }

    /// What the servers know about a title; nothing where they know nothing.
    private func description(of title: Bytes) async -> (text: String, complaints: [String]) {
        let answer = await application.roster.group.record(of: title)
        return (TitleComparison(answer.answers).map { text(of: [$0]) } ?? "", answer.complaints)
    }

    private func text(of titles: [TitleComparison]) -> String {
        let width = Terminal.width(STDOUT_FILENO)
        return titles.map { $0.text(width: width) }.joined()
    }

    private func say(_ complaints: [String]) {
        StandardOutput.write(complaints.map { "\($0)\n" }.joined())
    }

    // MARK: Playing

    /// Says where a player finds it; it comes through the queue meanwhile.
    private func play(_ content: FoundContent) async -> String {
        guard let root = content.root, let size = content.size else { return "it cannot be played\n" }
        do {
            let order = TransferOrder(root: root, size: size, name: content.name)
            return "open this in a player:\n\(display(try await application.play(order).url))\n"
        } catch {
            return "not played: \(error)\n"
        }
    }

    /// The same for a file of the own library.
    private func play(_ name: Name) async -> String {
        let library = application.library
        let entry = await application.offLoop { library.entries(exactly: name.bytes).first } ?? nil
        guard let entry, let root = entry.root else { return "it is still being hashed; try again in a moment\n" }
        return await play(FoundContent(name: name.bytes, size: entry.size, root: root, holders: []))
    }

    // MARK: Downloading

    private func download(_ content: FoundContent, isMove: Bool) async {
        do {
            let fetched = try await application.fetch(content, isMove: isMove)
            StandardOutput.write("\(fetched.verb): \(display(fetched.path))\n")
            say(fetched.warnings)
        } catch {
            StandardOutput.write("not downloaded: \(error)\n")
        }
    }
}

extension MenuAction {
    fileprivate var isDownload: Bool {
        if case .download = self { true } else { false }
    }
}
