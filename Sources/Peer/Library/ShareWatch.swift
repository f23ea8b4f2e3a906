internal import P2PProtocol
package import P2PRuntime
internal import Synchronization

/// Watches the folders of the library, and knows which number of the kernel's is which of them.
package final class ShareWatch: Sendable {
    private struct State {
        var places: [Int32: SharePath] = [:]
        var refusal: SystemError?
    }

    private let watcher: Watcher?
    private let state: Mutex<State>

    /// One without a watcher, where the system grants none, hears nothing and says so in `refusal`.
    package init(limit: Int = .max) {
        do throws(SystemError) {
            watcher = try Watcher(limit: limit)
            state = Mutex(State())
        } catch {
            watcher = nil
            state = Mutex(State(refusal: error))
        }
    }

    /// Why some folder is not watched; nil while all of them are.
    package var refusal: SystemError? {
        state.withLock { $0.refusal }
    }

    /// Watches a folder that is open, by the place where it lies now.
    func add(_ place: SharePath, _ folder: borrowing Descriptor) {
        guard let watcher else { return }
        do throws(SystemError) {
            let number = try watcher.watch(folder)
            state.withLock { $0.places[number] = place }
        } catch {
            // A folder that is gone already, or may not be read, needs no watch.
            guard error.exhaustedWatchSetting != nil else { return }
            state.withLock { $0.refusal = error }
        }
    }

    /// Everything is about to be read again: what was refused may be granted now.
    func forgetRefusal() {
        guard watcher != nil else { return }
        state.withLock { $0.refusal = nil }
    }

    /// Stops watching folders that were moved away, and all below them: where they are now, they are watched anew.
    func drop(within folders: Set<SharePath>) {
        guard !folders.isEmpty else { return }
        let dropped = state.withLock { state in
            let dropped = state.places.filter { $0.value.isWithin(folders) }.map(\.key)
            for number in dropped { state.places[number] = nil }
            return dropped
        }
        for number in dropped { watcher?.unwatch(number) }
    }

    /// Takes some of what has happened, and where; nil when there is no more.
    func next() -> [(folder: SharePath, event: FolderEvent)]? {
        guard let events = watcher?.next(), !events.isEmpty else { return nil }
        return state.withLock { state in
            events.compactMap { event in
                if event.kind == .lost { return (SharePath(folder: 0, path: []), event) }
                defer { if event.kind == .ended { state.places[event.watch] = nil } }
                return state.places[event.watch].map { ($0, event) }
            }
        }
    }

    /// Lets a task wait for news at `point`.
    func attach(to point: WaitPoint) {
        try? watcher?.attach(to: point)
    }

    /// To be called when `next` gave nil, before waiting again.
    func isDrained(at point: WaitPoint) {
        watcher?.isDrained(at: point)
    }
}
