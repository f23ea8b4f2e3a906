package import P2PProtocol
package import P2PRuntime
internal import Synchronization

/// The queue on the disk: a row for each transfer. What was saved is there after any crash. How far a transfer is does
/// not stand here: its unfinished file knows that.
package final class TransferStore: Sendable {
    /// Where a damaged file was put when it was opened, and how many rows made no sense; for the user.
    package let setAside: Bytes?
    package let unreadable: Int
    /// What was kept, and the next number that was never given.
    package let kept: [Transfer]
    package let next: Int

    private let rows: Mutex<TransferRows>
    // One thread: writes follow one another, and none of the loops waits for the disk.
    private let pool = WorkerPool(name: "transfers", threads: 1)
    private let commit: GroupCommit<Void, Void>

    /// Opens or makes the file; a damaged one is kept beside it. Blocks on the disk.
    package init(_ path: Bytes) throws(StorageError) {
        let mark = Bytes(ascii: ".damaged-") + WallClock.now.text
        func open() throws(StorageError) -> (TransferRows, TransferRows.Content, Bytes?) {
            let (database, aside) = try SQLiteDatabase.openOrSetAside(
                path, durability: .beforeCommit, migrations: TransferRows.migrations, mark: mark)
            let rows = try TransferRows(database)
            return (rows, try rows.load(), aside)
        }
        let (rows, content, aside): (TransferRows, TransferRows.Content, Bytes?)
        do throws(StorageError) {
            (rows, content, aside) = try open()
        } catch  where error.reason == .corrupt {
            // It looked whole, and was not.
            let damaged = try SQLiteDatabase.setAside(path, mark: mark)
            let fresh = try open()
            (rows, content, aside) = (fresh.0, fresh.1, damaged)
        }
        (kept, next, unreadable) = (content.transfers, content.next, content.unreadable)
        self.rows = Mutex(rows)
        setAside = aside
        commit = GroupCommit(storage: pool)
    }

    deinit {
        pool.close()
    }

    /// Keeps what `take` gives, which is asked on the thread that writes: of two writes the later one knows more. When
    /// this returns it is on the disk; what could not be written is given back.
    package func save(
        _ take: @escaping @Sendable () -> [TransferChange], giveBack: @escaping @Sendable ([TransferChange]) -> Void
    ) async throws {
        try await commit.perform(()) { requests in
            let changes = take()
            do {
                try self.rows.withLock { try $0.write(changes) }
                return requests.map { .success($0) }
            } catch {
                giveBack(changes)
                return requests.map { _ in .failure(error) }
            }
        }
    }

    /// Keeps what has changed in a queue that nobody else works on.
    func save(_ queue: inout TransferQueue) async throws {
        let changes = queue.takeUnsaved()
        try await save({ changes }, giveBack: { _ in })
    }
}
