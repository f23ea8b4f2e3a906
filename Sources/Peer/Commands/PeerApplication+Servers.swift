internal import P2PProtocol
internal import P2PRuntime

extension PeerConfiguration {
    /// The list of servers that the user has chosen.
    var savedServers: SavedServers {
        SavedServers(file: Path.join(stateFolder, Bytes(ascii: "servers")))
    }
}

extension PeerApplication {
    /// Joins and leaves as the saved list changes, whoever changes it; flags are for as long as the program runs.
    func followServers() {
        guard !configuration.serversAreFromFlags else { return }
        Task { [roster, saved = configuration.savedServers] in
            var known = roster.servers.map(\.text)
            while (try? await Task.sleep(for: .seconds(1))) != nil {
                guard let servers = await offLoop({ saved.servers }), !servers.isEmpty,
                    servers.map(\.text) != known
                else { continue }
                known = servers.map(\.text)
                await roster.change(to: servers)
            }
        }
    }

    /// What adding or removing a server comes to, as a line for a person.
    func changeServers(_ text: Bytes, adding: Bool) async -> String {
        guard let server = ServerAddress(String(decoding: text, as: UTF8.self)) else {
            return "\(display(text, width: 60)) is no server: write HOST:PORT\n"
        }
        let (saved, used) = (configuration.savedServers, roster.servers)
        do {
            let servers = try await disk.run {
                try adding ? saved.add(server, to: used) : saved.remove(server, from: used)
            }
            await roster.change(to: servers)
            guard adding else { return "\(server) is no longer used\n" }
            // Where to listen was decided when the servers were others.
            let isApart = endpoint.address.isLoopback && !configuration.listenAddress(for: [server]).isLoopback
            let hint = isApart ? "start this peer again: it listens for its own machine alone\n" : ""
            let isJoined = roster.standing(at: server) != nil
            return hint + (isJoined ? "" : "\(server) is on the list, and tried again and again\n")
        } catch let obstacle as SavedServers.Obstacle {
            return "\(server) \(obstacle.text)\n"
        } catch {
            return "the list of servers cannot be saved: \(error)\n"
        }
    }

    /// The servers, and how each of them is.
    var serverLines: String {
        roster.memberships.map { membership in
            let state =
                switch membership.link.connection {
                case .success: membership.standing.map { "registered as \($0.registration.id)" } ?? "connected"
                case .failure(let failure): "\(failure)"
                }
            return "\(membership.server)  \(state)\n"
        }.joined()
    }
}
