internal import P2PProtocol
internal import P2PRuntime

/// A BROWSE on its way, in steps of which each holds the engine for a bounded time.
struct Browsing {
    private let request: BrowseRequest
    private let engine: ReadersWriterLock<Engine>
    private let shelf: FolderShelf
    private var walk: FolderWalk?
    private var tree: FolderShelf.Tree?
    private var chosen: FolderPage?

    private init(_ request: BrowseRequest, on server: Server) {
        (self.request, engine, shelf) = (request, server.engine, server.folders)
    }

    /// The answer, when it takes no more than a step: a list that is short, or a folder of a tree that is there.
    static func answerAtOnce(_ request: BrowseRequest, on server: Server) throws(Refusal) -> BrowsePage? {
        var browsing = Browsing(request, on: server)
        return try browsing.advance()
    }

    /// The answer in as many steps as it takes. Those that take many go one after the other: a tree takes memory while
    /// it grows, and who waits for his turn finds the one that he needs when others have asked for it.
    /// `takeTurns` lets others at the loop, and says whether somebody is still there for whom it is done.
    static func answer(
        _ request: BrowseRequest, on server: Server, takeTurns: () async -> Bool
    ) async throws(Refusal) -> BrowsePage {
        if let page = try answerAtOnce(request, on: server) { return page }
        await server.folders.turns.begin()
        defer { server.folders.turns.end() }
        var browsing = Browsing(request, on: server)
        while true {
            if let page = try browsing.advance() { return page }
            guard await takeTurns() else { throw .abandoned }
        }
    }

    /// One step; the answer when it was the last.
    private mutating func advance() throws(Refusal) -> BrowsePage? {
        if tree == nil { try makeTree() }
        guard let tree else { return nil }
        let (answer, isCurrent) = try engine.read { engine throws(Refusal) -> (BrowsePage?, Bool) in
            guard engine.epoch == tree.version.epoch else { return (nil, false) }
            if chosen == nil {
                chosen = try engine.beginPage(of: tree.folders, folder: request.folder, page: request.page)
            }
            let isDone = chosen?.advance(tree.folders, engine.catalog) ?? true
            return (isDone ? engine.finish(chosen, of: tree.folders, folder: request.folder) : nil, true)
        }
        // Titles have other numbers now: from the beginning.
        if !isCurrent { (self.tree, chosen) = (nil, nil) }
        return answer
    }

    private mutating func makeTree() throws(Refusal) {
        let version = try engine.read { engine throws(Refusal) in try engine.listVersion(of: request.peer) }
        if walk == nil { tree = shelf.find(version) }
        guard tree == nil else { return }
        let isShort = walk == nil
        var walk = walk.take() ?? FolderWalk(version)
        let isFinished = try engine.read { engine throws(Refusal) -> Bool? in
            guard engine.epoch == walk.version.epoch else { return nil }
            return try engine.advance(&walk)
        }
        guard isFinished == true else {
            if isFinished == false { self.walk = walk }
            return
        }
        let made = FolderShelf.Tree(version: walk.version, folders: walk.finish())
        tree = made
        // A tree of one step is made again as fast; one of a list that has changed meanwhile is found by nobody.
        if !isShort, made.version == version { shelf.keep(made) }
    }
}
