package import P2PProtocol

/// The menu as a value: a line or a result in, what to print and to do out.
///
/// States: at home; waiting for the title of an item; waiting for a choice among several contents; waiting for a yes
/// or a preferred owner; waiting for download or skip after EXIST; waiting for a result (no line comes then).
package struct MenuMachine: Sendable {
    /// Why something is looked for.
    private enum Purpose: Sendable {
        /// To be shown, and confirmed before it is downloaded.
        case query
        /// The user has said that they want it.
        case download
        case move
        case play
    }

    private enum State: Sendable {
        case home
        case naming(MenuItem)
        case choosing([FoundContent], owned: Set<Digest>, Purpose)
        case confirming(FoundContent, Purpose)
        case confirmingAll([FoundContent], Purpose)
        case offered(Bytes)
        case describing(Annotation)
        case valuing(Annotation, field: Bytes)
        case working(Purpose)
        case over
    }

    /// What the user says about a title, a field after the other.
    private struct Annotation: Sendable {
        let title: Bytes
        let isAddition: Bool
        var fields: [MetaFields.Field] = []
    }

    private var state = State.home
    /// Whether ids need no server beside them.
    package var isSingle: Bool

    /// What is printed where a choice is expected.
    package static let prompt = "> "

    /// A menu over one server, or over several.
    package init(isSingle: Bool) {
        self.isSingle = isSingle
    }

    /// What it begins with.
    package mutating func begin() -> [MenuAction] {
        [.say(MenuItem.page)] + goHome()
    }

    /// What was asked for is done: on with the menu.
    package mutating func resume() -> [MenuAction] {
        goHome()
    }

    /// A line without its end; nil at the end of input, which is `q`.
    package mutating func take(_ line: Bytes?) -> [MenuAction] {
        guard let line, !Self.meansLeave(line) else { return leave() }
        switch state {
        case .home, .working: return choose(line)
        case .naming(let item): return line.isEmpty ? goHome() : start(item, with: line)
        case .choosing(let contents, let owned, let purpose): return pick(line, of: contents, owned, purpose)
        case .confirming(let content, let purpose): return confirm(line, content, purpose)
        case .confirmingAll(let contents, let purpose):
            return Self.meansYes(line) ? download(contents, purpose) : decline()
        case .offered(let title): return accept(line, title)
        case .describing(let annotation): return describe(line, annotation)
        case .valuing(let annotation, let field): return value(line, annotation, field)
        case .over: return [.leave]
        }
    }

    /// What a search for a title came to.
    package mutating func take(_ result: FindResult) -> [MenuAction] {
        guard case .working(let purpose) = state else { return goHome() }
        switch result {
        case .owned(let names):
            if purpose == .play, let name = names.first { return work(.playOwn(name)) }
            return [.say(names.map { "you already have it: \(display($0.bytes))\n" }.joined())] + goHome()
        case .unanswered(let complaints):
            return [.say(complaints.map { "\($0)\n" }.joined())] + goHome()
        case .found(let contents, let owned):
            switch contents.count {
            case 0: return [.say("not found\n")] + goHome()
            case 1: return offer(contents[0], owned, purpose)
            default:
                state = .choosing(contents, owned: owned, purpose)
                return [.say(MenuText.choices(contents, owned: owned)), Self.choicePrompt(contents)]
            }
        }
    }

    /// What the servers said of a title's existence: after EXIST the user chooses.
    package mutating func take(existence isKnown: Bool, of title: Bytes) -> [MenuAction] {
        guard isKnown else { return goHome() }
        state = .offered(title)
        return [.prompt("download or skip? [d/S] ")]
    }
}

// MARK: Lines

extension MenuMachine {
    private static func meansLeave(_ line: Bytes) -> Bool {
        [Bytes(ascii: "q"), Bytes(ascii: "quit"), Bytes(ascii: "exit")].contains(trimmed(line))
    }

    private static func trimmed(_ line: Bytes) -> Bytes {
        let isBlank = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        return Bytes(line.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
    }

    private mutating func leave() -> [MenuAction] {
        state = .over
        return [.leave]
    }

    private mutating func goHome() -> [MenuAction] {
        state = .home
        return [.prompt(Self.prompt)]
    }

    /// A line at home: a number or a word, and perhaps a title behind it.
    private mutating func choose(_ line: Bytes) -> [MenuAction] {
        let line = Self.trimmed(line)
        guard !line.isEmpty else { return goHome() }
        let parts = line.split(separator: UInt8(ascii: " "), maxSplits: 1)
        guard let word = parts.first, let item = MenuItem(word: Bytes(word)) else {
            return [.say("no such choice: \(display(line, width: 60)); help shows the menu\n")] + goHome()
        }
        if parts.count == 2 { return start(item, with: Self.trimmed(Bytes(parts[1]))) }
        guard let question = item.question else { return start(item, with: []) }
        state = .naming(item)
        return [.prompt(question)]
    }

    private mutating func start(_ item: MenuItem, with title: Bytes) -> [MenuAction] {
        switch item {
        case .query: return find(title, for: .query)
        case .download: return find(title, for: .download)
        case .move: return find(title, for: .move)
        case .stream: return find(title, for: .play)
        case .check: return work(.check(title))
        case .titles: return work(title.isEmpty ? .listTitles : .inform(title))
        case .library: return work(.printLibrary)
        case .peers: return work(.listPeers)
        case .servers: return work(.listServers)
        case .addServer: return work(.changeServers(title, isAddition: true))
        case .deleteServer: return work(.changeServers(title, isAddition: false))
        case .all: return work(.informOfAll)
        case .add, .edit:
            state = .describing(Annotation(title: title, isAddition: item == .add))
            return [.describe(title), Self.fieldPrompt]
        case .transfers: return work(.transfers(title))
        case .wishes: return work(.wishes(title))
        case .limits: return work(.limits(title))
        case .favourites: return work(.favourites(title))
        case .help: return begin()
        case .quit: return leave()
        }
    }

    private mutating func work(_ action: MenuAction) -> [MenuAction] {
        state = .working(.query)
        return [action]
    }

    private mutating func find(_ title: Bytes, for purpose: Purpose) -> [MenuAction] {
        state = .working(purpose)
        return [.find(title)]
    }

    private mutating func pick(
        _ line: Bytes, of contents: [FoundContent], _ owned: Set<Digest>, _ purpose: Purpose
    ) -> [MenuAction] {
        guard !Self.trimmed(line).isEmpty else { return goHome() }
        guard let places = Selection.parse(line, of: contents.count) else {
            return [.say("that is none of them\n"), Self.choicePrompt(contents)]
        }
        let chosen = places.map { contents[$0] }
        guard purpose != .play || chosen.count == 1 else {
            return [.say("one at a time can be played\n"), Self.choicePrompt(contents)]
        }
        return chosen.count == 1 ? offer(chosen[0], owned, purpose) : offerAll(chosen, owned, purpose)
    }

    private static func choicePrompt(_ contents: [FoundContent]) -> MenuAction {
        .prompt("which? [1-\(contents.count), such as 1,3 or all; Enter for none] ")
    }

    private mutating func accept(_ line: Bytes, _ title: Bytes) -> [MenuAction] {
        let words = [Bytes(ascii: "d"), Bytes(ascii: "download"), Bytes(ascii: "y"), Bytes(ascii: "yes")]
        guard words.contains(Self.trimmed(line)) else { return [.say("skipped\n")] + goHome() }
        return find(title, for: .download)
    }
}

// MARK: What is known about a title

extension MenuMachine {
    private static let fieldPrompt = MenuAction.prompt("field (artist, year, note …; Enter when done): ")

    private mutating func describe(_ line: Bytes, _ annotation: Annotation) -> [MenuAction] {
        let field = Self.trimmed(line)
        guard field.isEmpty else {
            state = .valuing(annotation, field: field)
            return [.prompt("\(display(field, width: 40)): ")]
        }
        guard !annotation.fields.isEmpty else { return [.say("nothing changed\n")] + goHome() }
        return work(.annotate(annotation.title, annotation.fields, isAddition: annotation.isAddition))
    }

    private mutating func value(_ line: Bytes, _ annotation: Annotation, _ field: Bytes) -> [MenuAction] {
        var annotation = annotation
        annotation.fields.append(MetaFields.Field(name: field, value: line))
        state = .describing(annotation)
        return [Self.fieldPrompt]
    }
}

// MARK: One content

extension MenuMachine {
    /// Names who has it, and asks before anything is downloaded.
    private mutating func offer(
        _ content: FoundContent, _ owned: Set<Digest>, _ purpose: Purpose
    ) -> [MenuAction] {
        let isOwned = content.root.map { owned.contains($0) } ?? false
        if purpose == .play, isOwned || content.obstacle == nil { return work(.play(content)) }
        if isOwned {
            return [.say("you already have it, under another name\n")] + goHome()
        }
        let found = MenuAction.say(MenuText.offer(content, isSingle: isSingle))
        if let obstacle = content.obstacle { return [found, .say("\(obstacle)\n")] + goHome() }
        // Who has said that they want it is only asked when there is something to choose.
        if purpose != .query, content.holders.count == 1 { return [found] + download([content], purpose) }
        state = .confirming(content, purpose)
        let question =
            content.holders.count > 1 ? "download? [y/N, or the number of the preferred one] " : "download? [y/N] "
        return [found, .prompt(question)]
    }

    /// The same for several; what cannot be had, or is here already, is left out.
    private mutating func offerAll(
        _ contents: [FoundContent], _ owned: Set<Digest>, _ purpose: Purpose
    ) -> [MenuAction] {
        let wanted = contents.filter { content in
            content.obstacle == nil && !(content.root.map { owned.contains($0) } ?? false)
        }
        guard !wanted.isEmpty else { return [.say("none of them can be downloaded, or you have them\n")] + goHome() }
        guard purpose == .query else { return download(wanted, purpose) }
        state = .confirmingAll(wanted, purpose)
        return [.prompt("download \(wanted.count) files? [y/N] ")]
    }

    private mutating func confirm(_ line: Bytes, _ content: FoundContent, _ purpose: Purpose) -> [MenuAction] {
        if Self.meansYes(line) { return download([content], purpose) }
        let count = content.holders.count
        if count > 1, let number = Decimal.parse(Self.trimmed(line), in: 1...count) {
            return download([content.preferring(content.holders[number - 1])], purpose)
        }
        return decline()
    }

    private static func meansYes(_ line: Bytes) -> Bool {
        [Bytes(ascii: "y"), Bytes(ascii: "Y"), Bytes(ascii: "yes")].contains(trimmed(line))
    }

    private mutating func decline() -> [MenuAction] {
        [.say("not downloaded\n")] + goHome()
    }

    private mutating func download(_ contents: [FoundContent], _ purpose: Purpose) -> [MenuAction] {
        state = .working(.query)
        return contents.map { .download($0, isMove: purpose == .move) }
    }
}
