package import P2PProtocol
package import P2PRuntime
internal import Synchronization

/// What this peer shares, for any thread: listed as soon as it is found, with its root once it was hashed.
package final class Library: Sendable {
    struct State {
        var catalogue = Catalogue()
        var followers = Followers()
        var folders: [SharedFolder]
        var places: [FolderPlace]
        var damaged: Set<FileIdentity> = []
        /// All folders were read once.
        var wasRead = false
    }

    let scanner: Scanner
    let state: Mutex<State>

    package init(_ folders: [SharedFolder], scanner: Scanner = Scanner()) {
        self.scanner = scanner
        state = Mutex(State(folders: folders, places: folders.map { _ in FolderPlace() }))
    }

    // MARK: Looking

    /// The folders by their numbers; the first is where downloads go.
    package var folders: [SharedFolder] {
        state.withLock { $0.folders }
    }

    package func entry(named name: Name) -> LibraryEntry? {
        state.withLock { $0.catalogue.entries[name] }
    }

    /// The files with that content, in the order of their names.
    package func entries(of root: Digest) -> [LibraryEntry] {
        state.withLock { $0.catalogue.entries(of: root) }
    }

    /// The files that an index would call exactly that (mission N8): compared folded with the path, its last
    /// component, and that without its extension. Looks at every name; blocks no one meanwhile.
    package func entries(exactly text: Bytes) -> [LibraryEntry] {
        let key = Folding.fold(text)[...]
        return list().filter { entry in
            let folded = Folding.fold(entry.name.bytes)
            return ExactName.keys(for: folded).contains { folded[$0] == key }
        }
    }

    /// Everything, in the order of the names' bytes.
    package func list() -> [LibraryEntry] {
        snapshot().values.sorted { $0.name < $1.name }
    }

    /// The files that wait for their root, in the order of their names.
    package func unhashed() -> [LibraryEntry] {
        snapshot().values.filter { $0.root == nil }.sorted { $0.name < $1.name }
    }

    /// The number of files.
    package var count: Int {
        state.withLock { $0.catalogue.entries.count }
    }

    /// The folders whose drive is not there at the moment: shared again as soon as it is.
    package var offlineFolders: [SharedFolder] {
        state.withLock { state in zip(state.folders, state.places).filter { $0.1.isOffline }.map(\.0) }
    }

    /// Whether what is not listed is not there: every folder was read, and none of them is away.
    package var isKnown: Bool {
        state.withLock { state in state.wasRead && !state.places.contains(where: \.isOffline) }
    }

    /// Follows what changes from now on, beginning with everything that is shared.
    package func changes() -> LibraryChanges {
        let (number, bell) = state.withLock { state in
            state.followers.add(hearing: Array(state.catalogue.entries.keys))
        }
        return LibraryChanges(self, follower: number, bell: bell)
    }

    // MARK: Changing

    /// Notes the root of a file that was hashed; false when the file has changed since, or is gone.
    @discardableResult
    package func setRoot(_ root: Digest, of name: Name, identity: FileIdentity) -> Bool {
        change { catalogue in
            guard catalogue.entries[name]?.identity == identity else { return (false, []) }
            return (true, catalogue.setRoot(root, of: name, identity: identity) ? [name] : [])
        }
    }

    /// Shares a file that has just come to lie in one of the folders, such as a finished download. Touches the disk.
    @discardableResult
    package func add(_ relative: Bytes, folder: Int, root: Digest?) throws(SystemError) -> LibraryEntry? {
        let folders = folders
        guard folders.indices.contains(folder), let name = folders[folder].name(of: relative) else { return nil }
        let status = try folders[folder].open().status(relative)
        guard status.kind == .file else { return nil }
        let file = FolderScan.File(name: name, identity: status.identity)
        return change { catalogue in
            let isNews = catalogue.list(file, folder: folder, root: root)
            return (catalogue.entries[name], isNews ? [name] : [])
        }
    }

    /// The same for many that the caller has just looked at; their names here, by path.
    package func add(
        _ files: [(path: Bytes, identity: FileIdentity, root: Digest)], folder: Int
    ) -> [Bytes: Name] {
        let folders = folders
        guard folders.indices.contains(folder) else { return [:] }
        var names: [Bytes: Name] = [:]
        for file in files { names[file.path] = folders[folder].name(of: file.path) }
        return change { catalogue in
            let news = files.compactMap { file -> Name? in
                guard let name = names[file.path] else { return nil }
                let listed = FolderScan.File(name: name, identity: file.identity)
                return catalogue.list(listed, folder: folder, root: file.root) ? name : nil
            }
            return (names, news)
        }
    }

    /// Stops sharing a file, if it is still the one that the caller saw.
    @discardableResult
    package func remove(_ entry: LibraryEntry) -> Bool {
        change { catalogue in
            let isNews = catalogue.remove(entry)
            return (isNews, isNews ? [entry.name] : [])
        }
    }

    // MARK: For the extensions in this folder

    func snapshot() -> [Name: LibraryEntry] {
        state.withLock { $0.catalogue.entries }
    }

    func place(ofFolder index: Int) -> FolderPlace {
        state.withLock { $0.places[index] }
    }

    func setPlace(ofFolder index: Int, _ place: FolderPlace) {
        state.withLock { $0.places[index] = place }
    }

    /// Runs a change of the catalogue and tells the followers about the names that it returns.
    func change<Value: Sendable>(_ body: (inout Catalogue) -> (Value, [Name])) -> Value {
        state.withLock { state in
            let (value, names) = body(&state.catalogue)
            for name in names { state.followers.tell(name) }
            return value
        }
    }

    func takeChanges(of follower: Int, atMost limit: Int) -> LibraryBatch {
        state.withLock { state in
            var batch = LibraryBatch()
            for name in state.followers.take(follower, atMost: limit) {
                if let entry = state.catalogue.entries[name] {
                    batch.listed.append(entry)
                } else {
                    batch.removed.append(name)
                }
            }
            return batch
        }
    }

    func unfollow(_ follower: Int) {
        state.withLock { $0.followers.remove(follower) }
    }
}
