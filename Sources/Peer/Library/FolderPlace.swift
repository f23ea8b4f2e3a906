internal import P2PRuntime

/// What is known of the place where a shared folder lies. Where a drive was mounted there may be nothing, or an empty
/// folder: then it is offline, which is not the same as its owner having removed everything.
struct FolderPlace {
    /// The folder that was shared last; nil when there has been none yet.
    private(set) var home: FolderIdentity?
    /// What lay there when it was last looked at; nil for nothing.
    private(set) var seen: FolderIdentity?
    private(set) var isOffline = false
    /// Its owner does not share it any more.
    let isRemoved: Bool

    init(isRemoved: Bool = false) {
        self.isRemoved = isRemoved
    }

    /// Something was read there. Says whether it is what is to be shared.
    mutating func found(_ folder: FolderIdentity, isEmpty: Bool) -> Bool {
        seen = folder
        isOffline = isEmpty && home != nil && home != folder
        if !isOffline { home = folder }
        return !isOffline
    }

    /// There is nothing that could be read.
    mutating func foundNothing() {
        seen = nil
        isOffline = true
    }

    /// Somebody put a file into what seemed to be an abandoned place.
    mutating func isInUse() {
        guard isOffline, let seen else { return }
        (home, isOffline) = (seen, false)
    }
}
