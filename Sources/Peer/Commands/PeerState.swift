internal import P2PProtocol
internal import P2PRuntime

/// The folder of a peer's state: its hash cache, its ids, what it has handed off.
struct PeerState: Sendable {
    let path: Bytes
    /// So that it is never shared, wherever it lies.
    let identity: FolderIdentity
    private let folder: RootedFolder

    /// Opens or makes the folder.
    init(_ path: Bytes) throws {
        do throws(SystemError) {
            try RootedFolder.makeFolders(path, mode: 0o700)
            folder = try RootedFolder(path)
            identity = try folder.status(Bytes(ascii: ".")).folder
        } catch {
            throw PeerFailure("cannot use \(display(path)) for the peer's state: \(error.reason); give another --state")
        }
        self.path = path
    }

    /// Holds the folder for this process: two that share under one id would take it from each other.
    func lock() throws -> FolderLock {
        do {
            return try FolderLock(in: folder)
        } catch let held as FolderLock.Held {
            throw PeerFailure(
                "\(display(path)) is in use by another peer (process \(held.holder)); give this one its own --dir. "
                    + "peer search, get, transfers and the others go through the one that runs")
        }
    }

    func file(_ name: StaticString) -> Bytes { Path.join(path, Bytes(ascii: name)) }
}
