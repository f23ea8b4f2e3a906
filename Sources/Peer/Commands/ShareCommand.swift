internal import P2PProtocol
internal import P2PRuntime

/// `peer share add|remove|list|verify`: the shared folders, in the state that a running peer looks at.
struct ShareCommand {
    /// What is to be done, as the command line says it.
    enum Order {
        case add(Bytes)
        case remove(Bytes)
        case list
        case verify

        init(_ words: [Bytes]) throws(Misuse) {
            switch (words.first.map { String(decoding: $0, as: UTF8.self) }, words.count) {
            case ("add", 2): self = .add(words[1])
            case ("remove", 2): self = .remove(words[1])
            case ("list", 1): self = .list
            case ("verify", 1): self = .verify
            default: throw Misuse("share add D, share remove D, share list or share verify")
            }
        }
    }

    let configuration: PeerConfiguration
    let isJSON: Bool

    func run(_ order: Order) async throws -> ExitCode {
        let state = try PeerState(configuration.stateFolder)
        let saved = SavedShares(file: state.file("shares"))
        switch order {
        case .add(let path): return try add(path, to: saved)
        case .remove(let path): return try remove(path, from: saved)
        case .list: return list(saved)
        case .verify: return try await verify(saved, state)
        }
    }

    // MARK: The list

    private func add(_ path: Bytes, to saved: SavedShares) throws -> ExitCode {
        let folder: Bytes
        do throws(SystemError) {
            folder = try Path.resolved(path)
            _ = try RootedFolder(folder)
        } catch {
            throw PeerFailure("cannot share \(display(path)): \(error.reason)")
        }
        let isNew = try saved.add(folder)
        complain("\(display(folder)) is shared\(isNew ? "" : " already")")
        if let warning = ShareAdvice.warning(for: folder) { complain(warning) }
        return .done
    }

    private func remove(_ path: Bytes, from saved: SavedShares) throws -> ExitCode {
        // The folder may be gone by now: then it is as it was written.
        for candidate in [try? Path.resolved(path), path].compactMap({ $0 }) where try saved.remove(candidate) {
            complain("\(display(candidate)) is no longer shared; its files stay where they are")
            return .done
        }
        if (configuration.shares + [configuration.downloads]).contains(path) {
            throw PeerFailure("\(display(path)) is shared by the configuration or a flag: take it out there")
        }
        complain("\(display(path)) is not shared")
        return .notFound
    }

    private func list(_ saved: SavedShares) -> ExitCode {
        let folders = configuration.folders(saved)
        if isJSON {
            let entries = folders.map { folder in
                JSON.object(
                    JSON.members(name: folder.path, key: "path") + [JSON.Member("online", .bool(folder.isThere))])
            }
            StandardOutput.write(JSON.object([JSON.Member("shares", .array(entries))]).encoded() + [lineFeed])
        } else {
            for folder in folders {
                StandardOutput.write("\(display(folder.path))\(folder.isThere ? "" : "  (offline)")\n")
            }
        }
        return .done
    }

    // MARK: Verifying

    private func verify(_ saved: SavedShares, _ state: PeerState) async throws -> ExitCode {
        let cache = try HashCache(state.file("hashes.sqlite"))
        let scanner = configuration.scanner(state)
        let library = Library(configuration.folders(saved), scanner: scanner)
        let report = library.rescan(knowing: cache)
        for (folder, error) in report.unavailable { complain("cannot read \(display(folder.path)): \(error.reason)") }
        let display = ProgressDisplay(Bytes(ascii: "verifying"))
        let verdict = try await ShareVerification(library, cache: cache).run(threads: Process.usableProcessors) {
            display.show(done: $0.bytes, of: $0.totalBytes)
        } complain: {
            complain("\($0)")
        }
        display.finish()
        tell(verdict, in: library)
        return verdict.damaged.isEmpty && verdict.unreadable == 0 && report.unavailable.isEmpty ? .done : .failed
    }

    private func tell(_ verdict: ShareVerification.Verdict, in library: Library) {
        let paths = verdict.damaged.map { library.path(of: $0) }
        if isJSON {
            let members = [
                JSON.Member("verified", .integer(verdict.verified)),
                JSON.Member("notHashed", .integer(verdict.unknown)),
                JSON.Member("damaged", .array(paths.map { .object(JSON.members(name: $0, key: "path")) })),
            ]
            StandardOutput.write(JSON.object(members).encoded() + [lineFeed])
        } else {
            for path in paths { StandardOutput.write("damaged  \(display(path))\n") }
        }
        let unknown = verdict.unknown == 0 ? "" : ", \(verdict.unknown) are new and were never hashed"
        complain("\(verdict.verified) files are as they were hashed, \(paths.count) are damaged\(unknown)")
    }

    private let lineFeed = UInt8(ascii: "\n")

    init(configuration: PeerConfiguration, isJSON: Bool) {
        (self.configuration, self.isJSON) = (configuration, isJSON)
    }
}

extension PeerConfiguration {
    /// The downloads, the configured shares and those that were added.
    func folders(_ saved: SavedShares, downloads: Bytes? = nil) -> [SharedFolder] {
        let added = saved.paths.filter { !shares.contains($0) }
        return [SharedFolder(downloads ?? self.downloads, naming: .bare)]
            + (shares + added).map { SharedFolder($0, naming: .underOwnName) }
    }

    /// What walks through them.
    func scanner(_ state: PeerState) -> Scanner {
        Scanner(excluding: [state.identity], ignoring: ignored.map { IgnorePattern($0) })
    }
}
