package import P2PProtocol

/// What the menu wants done. Everything but the first two comes back to it as a line, a result or `resume`.
package enum MenuAction: Equatable, Sendable {
    /// Print this, whole lines.
    case say(String)
    /// Print this, and give the next line of input.
    case prompt(String)
    /// Look for a title: in the own library first, which may answer without the index.
    case find(Bytes)
    /// Ask which servers know a title.
    case check(Bytes)
    /// Tell what is known about a title.
    case inform(Bytes)
    case printLibrary
    /// Tell what is known about all titles.
    case informOfAll
    /// Show what is known about a title, before something is said about it.
    case describe(Bytes)
    /// Tell the servers something about a title.
    case annotate(Bytes, [MetaFields.Field], isAddition: Bool)
    case listTitles
    case listServers
    /// Use this server too, or no longer.
    case changeServers(Bytes, isAddition: Bool)
    case listPeers
    /// The queue, or a change of it in the words of the command line.
    case transfers(Bytes)
    /// What is wished for, or a change of it in the words of the command line.
    case wishes(Bytes)
    /// How fast files go and come, and who is served first; likewise.
    case limits(Bytes)
    case favourites(Bytes)
    /// Fetch this from one of these; the first is preferred.
    case download(FoundContent, isMove: Bool)
    /// Tell where a player finds this, and fetch it meanwhile.
    case play(FoundContent)
    /// The same for a file of the own library.
    case playOwn(Name)
    case leave
}

/// What became of a search for a title.
package enum FindResult: Equatable, Sendable {
    /// It lies in the own library, under these names: nobody was asked.
    case owned([Name])
    /// What the servers found, best first; may be nothing. `owned` are the contents that lie here under another name.
    case found([FoundContent], owned: Set<Digest>)
    /// No server answered; a line for each.
    case unanswered([String])
}
