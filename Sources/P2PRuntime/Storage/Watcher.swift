internal import CLinux
internal import Glibc
internal import P2PProtocol
internal import Synchronization

/// Hears what happens in folders (inotify). Folders below a watched one are watched on their own.
package final class Watcher: Sendable {
    private let descriptor: Descriptor
    private let limit: Int
    private let watched = Mutex<Set<Int32>>([])

    /// `limit` bounds the watches below what the kernel allows.
    package init(limit: Int = .max) throws(SystemError) {
        self.limit = limit
        descriptor = Descriptor(
            owning: try SystemCall.require("inotify_init") { inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC)) })
    }

    /// Watches an open folder, whatever path leads to it now; the number is in its events. A folder that is watched
    /// already keeps its number. Blocks on the disk.
    package func watch(_ folder: borrowing Descriptor) throws(SystemError) -> Int32 {
        let flags = FolderEvent.Kind.mask | UInt32(IN_ONLYDIR) | UInt32(IN_EXCL_UNLINK)
        let path = try Path.terminated(Bytes("/proc/self/fd/\(folder.raw)".utf8))
        let number = try SystemCall.require("inotify_add_watch") { inotify_add_watch(descriptor.raw, path, flags) }
        let isWithinLimit = watched.withLock { watched in
            guard watched.count < limit || watched.contains(number) else { return false }
            watched.insert(number)
            return true
        }
        guard isWithinLimit else {
            unwatch(number)
            throw SystemError("inotify_add_watch", ENOSPC)
        }
        return number
    }

    /// Stops watching; an `ended` event confirms it.
    package func unwatch(_ number: Int32) {
        inotify_rm_watch(descriptor.raw, number)
    }

    /// Takes up to 64 KiB of what has happened, without waiting; nothing when there is no more.
    package func next() -> [FolderEvent] {
        withUnsafeTemporaryAllocation(byteCount: 64 << 10, alignment: 8) { buffer in
            let result = SystemCall.attempt { read(descriptor.raw, buffer.baseAddress, buffer.count) }
            guard case .done(let count) = result else { return [] }
            let events = FolderEvent.parse(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            let ended = events.filter { $0.kind == .ended }.map(\.watch)
            if !ended.isEmpty { watched.withLock { $0.subtract(ended) } }
            return events
        }
    }

    /// Lets a task wait at `point` for news; on the point's loop.
    package func attach(to point: WaitPoint) throws(SystemError) {
        try point.watch(descriptor.raw)
    }

    /// To be called when `next` gave nothing, before waiting at `point` again.
    package func isDrained(at point: WaitPoint) {
        point.consumed(.readable)
    }
}

extension SystemError {
    /// The user has no more watches, or no further watcher: what to raise, for a log line.
    package var exhaustedWatchSetting: String? {
        switch (call, code) {
        case ("inotify_add_watch", ENOSPC): "fs.inotify.max_user_watches"
        case ("inotify_init", EMFILE): "fs.inotify.max_user_instances"
        default: nil
        }
    }
}
