internal import CLinux
internal import Glibc
package import P2PProtocol

extension SQLiteDatabase {
    /// For caches: opens a database and reads it through; a damaged one is renamed to `….corrupt-N`, kept for
    /// whoever wants to look, and a new one begun. Also says where the damaged one went.
    package static func openOrSetAside(
        _ path: Bytes, durability: Durability, migrations: [String]
    ) throws(StorageError) -> (database: SQLiteDatabase, setAside: Bytes?) {
        do throws(StorageError) {
            let database = try SQLiteDatabase(path, durability: durability, migrations: migrations)
            try database.verify()
            return (database, nil)
        } catch  where error.reason == .corrupt {
            let aside = try setAside(path)
            return (try SQLiteDatabase(path, durability: durability, migrations: migrations), aside)
        }
    }

    private static func setAside(_ path: Bytes) throws(StorageError) -> Bytes {
        do throws(SystemError) {
            let aside = try renameToFreeName(path)
            // A journal that stayed would be played into the new database.
            for suffix in [Bytes(ascii: "-wal"), Bytes(ascii: "-shm")] {
                let terminated = try Path.terminated(path + suffix)
                unlink(terminated)
            }
            return aside
        } catch {
            throw StorageError(.denied, path: Path.display(path), message: "damaged, and cannot be renamed: \(error)")
        }
    }

    private static func renameToFreeName(_ path: Bytes) throws(SystemError) -> Bytes {
        let from = try Path.terminated(path)
        var number = 1
        while true {
            var aside = path + Bytes(ascii: ".corrupt-")
            aside.append(decimal: number)
            let to = try Path.terminated(aside)
            if clinux_rename_noreplace(AT_FDCWD, from, AT_FDCWD, to) == 0 { return aside }
            guard errno == EEXIST else { throw SystemError("rename", errno, on: Path.display(aside)) }
            number += 1
        }
    }
}
