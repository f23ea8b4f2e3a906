package import P2PProtocol
internal import P2PRuntime

/// How the menu and the commands show what they have found.
package enum MenuText {
    /// A numbered line for each content.
    package static func choices(_ contents: [FoundContent], owned: Set<Digest> = []) -> String {
        contents.enumerated().map { number, content in
            let isOwned = content.root.map { owned.contains($0) } ?? false
            return "\(number + 1)) \(line(content))\(isOwned ? "  (you have it)" : "")\n"
        }.joined()
    }

    /// A content in one line.
    package static func line(_ content: FoundContent) -> String {
        let size = content.size.map { "  \(Amount.bytes($0))" } ?? ""
        return "\(display(content.name))\(size)  \(people(content.count))"
    }

    /// What was found and who has it, a line for each; numbered when there are several.
    package static func offer(_ content: FoundContent, isSingle: Bool) -> String {
        let size = content.size.map { ", \(Amount.bytes($0))" } ?? ""
        var text = "found: \(display(content.name))\(size)\n"
        for (number, holder) in content.holders.enumerated() {
            let mark = content.holders.count > 1 ? "\(number + 1)) " : ""
            text += "  \(mark)\(holderLine(holder, isSingle: isSingle))\n"
        }
        if content.count > content.holders.count { text += "  … and \(content.count - content.holders.count) more\n" }
        return text
    }

    /// All that is known about a content.
    package static func information(_ content: FoundContent, isSingle: Bool) -> String {
        let root = content.root.map { "  rookery:\($0)\n" } ?? ""
        return offer(content, isSingle: isSingle) + root
    }

    private static func holderLine(_ holder: Holder, isSingle: Bool) -> String {
        let host = holder.source.host.map { display($0) } ?? "not connected"
        var text = "peer \(holder.label(isUnambiguous: isSingle)) at \(host):\(holder.source.port)"
        if let latency = holder.latency { text += ", answers in \(Amount.latency(latency))" }
        if holder.source.isPartial { text += ", has parts of it" }
        if holder.source.isMovable { text += ", may be moved" }
        return text
    }

    private static func people(_ count: Int) -> String {
        count == 1 ? "1 peer" : "\(count) peers"
    }
}

extension MenuText {
    /// The own library, a line a file.
    package static func library(_ entries: [LibraryEntry], in folder: Bytes) -> String {
        guard !entries.isEmpty else { return "your library is empty: put files into \(display(folder))\n" }
        return entries.map { entry in
            "\(display(entry.name.bytes))  \(Amount.bytes(entry.size))\(entry.root == nil ? "  (not hashed yet)" : "")\n"
        }.joined()
    }

    /// Which servers know a title.
    package static func existence(_ answer: GroupAnswer<Bool>, isSingle: Bool) -> String {
        answer.answers.map { server, isKnown in
            (isKnown ? "EXIST" : "NOT_EXIST") + (isSingle ? "\n" : "  \(server)\n")
        }.joined()
    }

    /// Distinct names of all servers, in the order of their bytes.
    package static func titles(_ names: [Bytes]) -> String {
        names.isEmpty ? "nobody shares anything yet\n" : names.map { "\(display($0))\n" }.joined()
    }

    /// Who is connected, as a table for each server.
    package static func peers(_ answer: GroupAnswer<[IndexPeer]>, isSingle: Bool, width: Int?) -> String {
        answer.answers.map { server, peers in
            let heading = isSingle ? "" : "\(server)\n"
            return heading + table(of: peers).lines(width: width).map { "\($0)\n" }.joined()
        }.joined()
    }

    private static func table(of peers: [IndexPeer]) -> TextTable {
        var table = TextTable([
            .init("ID", alignsRight: true), .init("ADDRESS"), .init("FILES", alignsRight: true),
            .init("SIZE", alignsRight: true), .init("REACHABLE"), .init("NAME", isElastic: true),
        ])
        for peer in peers {
            let reachable = peer.isReachable.map { $0 ? "yes" : "no" } ?? "unknown"
            table.add([
                Bytes(decimal: peer.id), peer.host + [UInt8(ascii: ":")] + Bytes(decimal: peer.port),
                Bytes(decimal: peer.files), Bytes(Amount.bytes(peer.bytes).utf8), Bytes(reachable.utf8),
                peer.name ?? [],
            ])
        }
        return table
    }
}
