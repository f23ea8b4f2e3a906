internal import P2PRuntime
internal import Synchronization

/// Folders come and go while the peer runs. A folder keeps its number, also when it is no longer shared.
extension Library {
    /// The numbers of the folders that are shared.
    var sharedIndices: [Int] {
        state.withLock { state in state.folders.indices.filter { !state.places[$0].isRemoved } }
    }

    /// Shares exactly these folders from now on. Returns the numbers of those that are to be read for the first time,
    /// and of those whose files were withdrawn.
    func setFolders(_ wanted: [SharedFolder]) -> (added: [Int], removed: [Int]) {
        let (added, removed) = state.withLock { state in
            let removed = state.folders.indices.filter {
                !state.places[$0].isRemoved && !wanted.contains(state.folders[$0])
            }
            for index in removed { state.places[index] = FolderPlace(isRemoved: true) }
            var added: [Int] = []
            for folder in wanted {
                if let index = state.folders.firstIndex(of: folder) {
                    guard state.places[index].isRemoved else { continue }
                    state.places[index] = FolderPlace()
                    added.append(index)
                } else {
                    added.append(state.folders.count)
                    state.folders.append(folder)
                    state.places.append(FolderPlace())
                }
            }
            return (added, removed)
        }
        if !removed.isEmpty { withdraw(snapshot().values.filter { removed.contains($0.folder) }) }
        return (added, removed)
    }

    /// Files whose bytes are not what they were hashed as: none of them is listed until it is another file. True when
    /// some are not damaged any more, which the folders have to be read for.
    func setDamaged(_ damaged: Set<FileIdentity>) -> Bool {
        let before = state.withLock { state in
            defer { state.damaged = damaged }
            return state.damaged
        }
        if !damaged.isSubset(of: before) { withdraw(snapshot().values.filter { damaged.contains($0.identity) }) }
        return !before.isSubset(of: damaged)
    }
}
