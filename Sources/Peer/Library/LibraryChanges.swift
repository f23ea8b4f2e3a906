package import P2PProtocol

/// What changed in the library since the last batch: for one index, or whoever else follows it.
package struct LibraryBatch: Sendable {
    /// Files that are new or have another size or root than before.
    package internal(set) var listed: [LibraryEntry] = []
    /// Names under which nothing is shared any more.
    package internal(set) var removed: [Name] = []

    package var isEmpty: Bool { listed.isEmpty && removed.isEmpty }
}

/// One follower's place in the library's changes, which begin with everything that is shared. Only names wait for it,
/// each once, so that a slow follower costs no more than a fast one and always learns the newest state.
package struct LibraryChanges: ~Copyable {
    private let library: Library
    private let follower: Int
    private var bell: AsyncStream<Void>.Iterator

    init(_ library: Library, follower: Int, bell: AsyncStream<Void>) {
        self.library = library
        self.follower = follower
        self.bell = bell.makeAsyncIterator()
    }

    deinit {
        library.unfollow(follower)
    }

    /// Waits until something changed; nil when the task is cancelled.
    package mutating func next(atMost limit: Int = 1_000) async -> LibraryBatch? {
        while true {
            let batch = library.takeChanges(of: follower, atMost: limit)
            if !batch.isEmpty { return batch }
            if await bell.next(isolation: #isolation) == nil { return nil }
        }
    }
}
