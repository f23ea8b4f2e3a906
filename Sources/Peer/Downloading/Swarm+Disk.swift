internal import P2PRuntime

/// What the disk makes of a download: what was written is brought there now and then, and it may be full.
extension Swarm {
    func isSyncDue(at now: Moment) -> Bool {
        withSyncs { syncs, schedule in
            guard syncs.isDue(schedule.done, at: now) else { return false }
            syncs.begin()
            return true
        }
    }

    /// The disk has refused something. When it is full, the download waits for room; anything else ends it.
    func refused(by error: SystemError, at now: Moment) {
        guard error.isOutOfSpace else { return fail(.disk(error)) }
        schedule { $0.pause(at: now) }
        wakeAll()
    }

    /// Brings what is done by now to the disk, and notes it there.
    func sync(on disk: WorkerPool) async {
        guard let part else { return }
        let pieces = schedule { $0.done }
        guard pieces.filled > 0 else { return }
        do {
            try await disk.run { try part.sync(pieces) }
            withSyncs { syncs, _ in syncs.end(pieces, at: .now) }
        } catch {
            // After a failed sync the kernel may have dropped what it could not write: it has to come again.
            withSyncs { syncs, schedule in
                schedule.lose((0..<pieces.count).filter { pieces.contains($0) && !syncs.synced.contains($0) })
                syncs.end(nil, at: .now)
            }
            if let error = error as? SystemError { refused(by: error, at: .now) }
        }
    }
}
