internal import P2PProtocol
internal import P2PRuntime

/// The folder of the index's durable state: its own, and held by one process at a time.
struct StateFolder: ~Copyable, Sendable {
    /// What may stand in it, with their journals; a folder with anything else is somebody's, and a typing error.
    private static let databases = ["registry.sqlite", "metadata.sqlite", "lists.sqlite", "accounts.sqlite"]

    /// The certificate by which the index is known, with its key.
    private static let identityFile = "identity.pem"

    /// How the name of an unfinished `ids` begins.
    private static let draft = "ids.new-"

    private static func isKnown(_ name: Bytes) -> Bool {
        guard let name = String(validating: name, as: UTF8.self) else { return false }
        if name == "lock" || name == "ids" || name == "control.sock" || name.hasPrefix(draft) { return true }
        if name == identityFile || name.hasPrefix("\(identityFile).new-") { return true }
        return databases.contains { database in
            guard name.hasPrefix(database) else { return false }
            let rest = name.dropFirst(database.count)
            return ["", "-wal", "-shm", "-journal"].contains(rest) || rest.hasPrefix(".corrupt-")
        }
    }

    let path: Bytes
    private let lock: FolderLock

    /// Opens or makes the folder at `path`.
    init(_ path: Bytes) throws {
        try RootedFolder.makeFolders(path, mode: 0o700)
        let folder = try RootedFolder(path)
        let reader = try FolderReader(try folder.openFolder(Bytes(ascii: ".")))
        var drafts: [Bytes] = []
        while let name = try reader.next() {
            if name.starts(with: Self.draft.utf8) { drafts.append(name) }
            guard !Self.isKnown(name) else { continue }
            throw IndexFailure(
                "\(display(path)) holds '\(display(name))', which is not the index's: "
                    + "give --dir a folder of its own")
        }
        lock = try FolderLock(in: folder)
        // Whoever wrote them was killed: nobody will give them their name.
        for draft in drafts { try? folder.removeFile(draft) }
        self.path = path
    }

    /// Opens the folder for a command that no other process may disturb.
    init(exclusively path: Bytes) throws {
        do {
            try self.init(path)
        } catch let error as FolderLock.Held {
            throw IndexFailure("\(display(path)) is in use by a running index-server (process \(error.holder))")
        }
    }

    /// Opens the folder, or, when it is the default one and another index runs in it, the next beside it.
    static func open(_ path: Bytes, isDefault: Bool) throws -> StateFolder {
        for number in 2...99 {
            let candidate = number == 2 ? path : path + Bytes("-\(number - 1)".utf8)
            do {
                let folder = try StateFolder(candidate)
                if number > 2 {
                    StandardError.write(
                        "index-server: another one runs on \(display(path)), so this one keeps its state in "
                            + "\(display(candidate))\n")
                }
                return folder
            } catch let error as FolderLock.Held {
                guard isDefault else {
                    throw IndexFailure(
                        "\(display(path)) is in use by another index-server (process \(error.holder)): "
                            + "give each its own --dir")
                }
            }
        }
        throw IndexFailure("all default state folders are in use: give --dir a folder of its own")
    }

    /// Who the index is on encrypted connections: the user's certificate, or its own, which it makes at its first start.
    func identity(_ configuration: IndexConfiguration) throws -> TLSIdentity {
        try Self.identity(configuration, in: path)
    }

    /// The same for a command beside the index that runs.
    static func identity(_ configuration: IndexConfiguration, in path: Bytes) throws -> TLSIdentity {
        do {
            guard let certificate = configuration.certificateFile else {
                return try TLSIdentity.keep(in: Path.join(path, Bytes(identityFile.utf8)), name: "rookery index")
            }
            let identity = try TLSIdentity.load(
                certificate: certificate, key: configuration.certificateKeyFile ?? certificate)
            guard !identity.hasExpired else { throw IndexFailure("\(display(certificate)) has expired") }
            return identity
        } catch {
            throw IndexFailure("no certificate for encrypted connections: \(error)")
        }
    }

    func file(_ name: StaticString) -> Bytes { Path.join(path, Bytes(ascii: name)) }
}

/// Why the index did not start: one line for a person.
struct IndexFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
