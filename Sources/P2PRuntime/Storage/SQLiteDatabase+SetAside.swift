internal import CLinux
internal import Glibc
package import P2PProtocol

extension SQLiteDatabase {
    /// Opens a database and reads it through; a damaged one is renamed to `….corrupt-1`, or with another mark behind
    /// its name, kept for whoever wants to look, and a new one begun. Also says where the damaged one went.
    package static func openOrSetAside(
        _ path: Bytes, durability: Durability, migrations: [String], mark: Bytes = Bytes(ascii: ".corrupt")
    ) throws(StorageError) -> (database: SQLiteDatabase, setAside: Bytes?) {
        do throws(StorageError) {
            let database = try SQLiteDatabase(path, durability: durability, migrations: migrations)
            try database.verify()
            return (database, nil)
        } catch  where error.reason == .corrupt {
            let aside = try setAside(path, mark: mark)
            return (try SQLiteDatabase(path, durability: durability, migrations: migrations), aside)
        }
    }

    /// Renames a damaged database; says where it is now.
    package static func setAside(_ path: Bytes, mark: Bytes) throws(StorageError) -> Bytes {
        do throws(SystemError) {
            let aside = try renameToFreeName(path, mark)
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

    private static func renameToFreeName(_ path: Bytes, _ mark: Bytes) throws(SystemError) -> Bytes {
        let from = try Path.terminated(path)
        var number = 1
        while true {
            var aside = path + mark + Bytes(ascii: "-")
            aside.append(decimal: number)
            let to = try Path.terminated(aside)
            if clinux_rename_noreplace(AT_FDCWD, from, AT_FDCWD, to) == 0 { return aside }
            guard errno == EEXIST else { throw SystemError("rename", errno, on: Path.display(aside)) }
            number += 1
        }
    }
}
