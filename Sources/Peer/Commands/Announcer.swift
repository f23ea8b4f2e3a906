internal import P2PRuntime

/// Tells the user what becomes of the memberships: registrations on standard output, troubles on standard error.
struct Announcer: Sendable {
    /// One server alone need not be named.
    let roster: IndexRoster
    /// A command that registers only to fetch says nothing of it.
    let isQuiet: Bool

    func announce(_ event: IndexMembership.Event, at server: ServerAddress) {
        switch event {
        case .registered(let registration, _):
            report("registered successfully with id \(registration.id)", server)
        case .left(let registration):
            report("unregistered id \(registration.id)", server)
        case .lost(let failure):
            guard !isQuiet else { return }
            complain("\(server): \(failure.advice)\(failure.isWrongLogin ? "" : "; trying again in the background")")
        case .notReachable(let registration):
            complain(
                "\(server) cannot reach this peer at \(registration.port), so nobody is sent here: "
                    + "open TCP port \(registration.port) in the firewall, or forward it to this machine")
        }
    }

    private func report(_ news: String, _ server: ServerAddress) {
        guard !isQuiet else { return }
        StandardOutput.write(roster.isSingle ? "\(news)\n" : "\(news) at \(server)\n")
    }
}

/// A line for the user that is no result.
func complain(_ text: String) {
    StandardError.write("peer: \(text)\n")
}
