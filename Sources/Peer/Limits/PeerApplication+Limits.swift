internal import P2PProtocol
internal import P2PRuntime

extension PeerApplication {
    /// How often the servers may be asked where the favourites are, and only while somebody waits for a slot.
    private static let lookupPause: Duration = .seconds(10)

    /// Follows the limits and the favourites that its user sets, whoever writes them.
    func followLimits() {
        Task {
            var (limits, favourites) = (configuration.limits, [Bytes]())
            var lookedUp: Moment?
            repeat {
                let saved = configuration.savedLimits
                if let now = await offLoop({ [configuration] in saved.limits(over: configuration.limits) }),
                    now != limits
                {
                    limits = now
                    apply(limits)
                }
                let list = configuration.savedFavourites
                guard let now = await offLoop({ list.favourites }) else { continue }
                let isDue = lookedUp.map { Moment.now.since($0) > Self.lookupPause } ?? true
                let isWanted = Favourites.needLookup(now) && slots.waiting > 0 && isDue
                guard now != favourites || isWanted else { continue }
                favourites = now
                if isWanted { lookedUp = .now }
                let peers = isWanted ? await roster.group.peers().answers : []
                slots.prefer(Favourites.addresses(of: now, among: peers))
            } while (try? await Task.sleep(for: .seconds(1))) != nil
        }
    }

    private func apply(_ limits: TransferLimits) {
        uploadPace.set(bytesInAll: limits.upload, bytesPerTaker: limits.perPeer)
        fetcher.pace.set(bytesPerSecond: limits.download)
        log.notice(
            "limits.changed",
            ["upload": limits.upload ?? 0, "perPeer": limits.perPeer ?? 0, "download": limits.download ?? 0])
    }

    /// What the menu says of the limits, once what the words say was done.
    func limitsText(_ words: Bytes) async -> String {
        do {
            let changes = try LimitsCommand.changes(words: words)
            let (saved, configured) = (configuration.savedLimits, configuration.limits)
            let limits = try await disk.run {
                if !changes.isEmpty { try saved.apply(changes) }
                return saved.limits(over: configured)
            }
            if !changes.isEmpty { apply(limits) }
            return LimitsCommand.text(limits)
        } catch {
            return "\(error)\n"
        }
    }

    /// The same of the favourites.
    func favouritesText(_ text: Bytes) async -> String {
        do {
            let order = try FavouritesCommand.Order(text.split(separator: UInt8(ascii: " ")).map { Bytes($0) })
            let saved = configuration.savedFavourites
            let favourites = try await disk.run {
                switch order {
                case .add(let favourite): _ = try saved.add(favourite)
                case .remove(let favourite): _ = try saved.remove(favourite)
                case .list: break
                }
                return saved.favourites
            }
            return favourites.isEmpty ? "nobody is served first\n" : favourites.map { "\(display($0))\n" }.joined()
        } catch {
            return "\(error)\n"
        }
    }
}
