package import P2PProtocol
package import P2PRuntime

/// What facts about a peer and its machine mean: pure decisions, whoever has found the facts out.
package enum Diagnosis {
    /// What is known of a folder.
    package struct FolderFacts: Sendable {
        package var isThere = true
        package var isReadable = true
        package var isWritable = true
        /// Nil where nobody knows.
        package var freeBytes: Int?

        package init() {}
    }

    /// What a server said.
    package struct ServerFacts: Sendable {
        package var latency: Duration = .zero
        package var version: Bytes?
        /// By how much our clock goes ahead of its own; nil when it does not say.
        package var clockAhead: Duration?

        package init() {}
    }

    private static let littleRoom = 1 << 30
    private static let noRoom = 64 << 20
    private static let slowAnswer: Duration = .milliseconds(500)
    private static let clockTolerance: Duration = .seconds(30)

    /// A folder of the peer; into some of them it writes.
    package static func folder(_ name: String, _ path: Bytes, _ facts: FolderFacts, writes: Bool) -> Finding {
        let path = display(path)
        guard facts.isThere else {
            // It is made when the peer starts.
            if writes { return Finding(name, .ok, "\(path) is not there yet: it is made when the peer starts") }
            return Finding(name, .warn, "\(path) is not there", advice: "mount its drive, or peer share remove it")
        }
        guard facts.isReadable, facts.isWritable || !writes else {
            let what = facts.isReadable ? "written" : "read"
            return Finding(name, .fail, "\(path) cannot be \(what)", advice: "give yourself the right: ls -ld \(path)")
        }
        guard writes, let free = facts.freeBytes else { return Finding(name, .ok, path) }
        let room = "\(path) has \(Amount.bytes(free)) free"
        if free < noRoom { return Finding(name, .fail, room, advice: "make room: downloads wait until there is some") }
        if free < littleRoom { return Finding(name, .warn, room, advice: "make room before the next large download") }
        return Finding(name, .ok, room)
    }

    /// A server that answered.
    package static func server(_ server: ServerAddress, _ facts: ServerFacts) -> [Finding] {
        let version = facts.version.map { ", version \(display($0))" } ?? ""
        let text = "\(server) answers in \(Amount.latency(facts.latency))\(version)"
        let isSlow = facts.latency > slowAnswer
        let answer = Finding(
            "server", isSlow ? .warn : .ok, text, advice: isSlow ? "use a nearer one too: peer servers add" : nil)
        guard let ahead = facts.clockAhead else { return [answer] }
        let distance = ahead < .zero ? .zero - ahead : ahead
        guard distance > clockTolerance else { return [answer, Finding("clock", .ok, "agrees with \(server)")] }
        let apart = "is \(Amount.time(distance)) \(ahead < .zero ? "behind" : "ahead of") \(server)"
        return [
            answer, Finding("clock", .warn, apart, advice: "set this machine's clock, or the server's: timedatectl"),
        ]
    }

    /// Whether a server can send others here.
    package static func reachability(_ isReachable: Bool?, at server: ServerAddress, port: Int?) -> Finding {
        let port = port.map { "TCP port \($0)" } ?? "the peer's port"
        switch isReachable {
        case true?: return Finding("port", .ok, "\(server) has reached this peer: others can fetch from it")
        case false?:
            return Finding(
                "port", .fail, "\(server) cannot reach this peer, so nobody is sent here",
                advice: "open \(port) in the firewall, or forward it to this machine")
        case nil:
            return Finding(
                "port", .warn, "\(server) has not tried to reach this peer yet: it does when something is shared",
                advice: "share a file, and ask again in a few seconds")
        }
    }

    /// The kernel's limit of watched folders, and the open files that a process may have; nil where nobody knows.
    package static func machine(watches: Int?, descriptors: Int) -> [Finding] {
        var findings: [Finding] = []
        if let watches {
            findings.append(
                watches < 65_536
                    ? Finding(
                        "inotify", .warn, "\(watches) folders can be followed; others are looked at now and then",
                        advice: "sysctl fs.inotify.max_user_watches=524288")
                    : Finding("inotify", .ok, "\(watches) folders can be followed"))
        }
        findings.append(
            descriptors < 4_096
                ? Finding(
                    "files", .warn, "a process may open \(descriptors) files and connections",
                    advice: "raise it: ulimit -Hn 65536, or LimitNOFILE= in the unit")
                : Finding("files", .ok, "a process may open \(descriptors) files and connections"))
        return findings
    }
}
