internal import Glibc
internal import P2PProtocol
internal import P2PRuntime

/// Where the files of a batch gather, each whole and verified under the name of a part, until a group of them is on the
/// disk and gets its names.
struct BatchFolder: Sendable {
    /// A whole verified part.
    struct Part: Sendable {
        let item: Int
        let root: Digest
        let localName: Bytes
        let identity: FileIdentity
    }

    let folder: RootedFolder

    /// Which of these contents an earlier attempt has left something of. Blocks.
    func leftovers(of roots: [Digest]) throws(SystemError) -> Set<Digest> {
        let wanted = Set(roots)
        var found: Set<Digest> = []
        let reader = try FolderReader(try folder.openFolder(Bytes(ascii: ".")))
        while let name = try reader.next() {
            guard name.count > Digest.hexCount, let root = Digest(hex: name.prefix(Digest.hexCount)),
                wanted.contains(root), name == PartFile.name(of: root)
            else { continue }
            found.insert(root)
        }
        return found
    }

    /// What an earlier attempt has left, if it is the whole content. Blocks.
    func find(_ request: Batch.Request, item: Int) -> Part? {
        guard let file = try? folder.openFile(PartFile.name(of: request.root)), let status = try? file.status(),
            status.identity.size == request.size
        else { return nil }
        // From the disk: after a failed sync the kernel's memory may hold what the disk does not.
        _ = posix_fadvise(file.raw, 0, 0, POSIX_FADV_DONTNEED)
        var bytes = Bytes(repeating: 0, count: request.size)
        let count = try? bytes.withUnsafeMutableBytes { buffer throws(SystemError) in try file.read(into: buffer, at: 0)
        }
        guard count == request.size, request.isRight(bytes) else { return nil }
        return part(of: request, item, status.identity)
    }

    /// Keeps verified bytes; throws EWOULDBLOCK while another program writes the same. Blocks.
    func keep(_ bytes: Bytes, of request: Batch.Request, item: Int) throws(SystemError) -> Part {
        let name = PartFile.name(of: request.root)
        do throws(SystemError) {
            let file = try folder.createFile(name)
            try file.write(bytes, at: 0)
            return part(of: request, item, try file.status().identity)
        } catch {
            guard error.isExisting else { throw error }
        }
        let file = try folder.openFile(name, for: .readingAndWriting)
        guard flock(file.raw, LOCK_EX | LOCK_NB) == 0 else { throw SystemError("flock", errno) }
        try file.write(bytes, at: 0)
        let number = file.raw
        try SystemCall.require("ftruncate") { ftruncate(number, off_t(bytes.count)) }
        return part(of: request, item, try file.status().identity)
    }

    private func part(of request: Batch.Request, _ item: Int, _ identity: FileIdentity) -> Part {
        Part(item: item, root: request.root, localName: request.localName, identity: identity)
    }

    /// Brings the parts to the disk, all at once, and only then gives them their names, which are on the disk as well
    /// when this returns. Blocks.
    func finish(_ parts: [Part]) -> [Result<Batch.File, SystemError>] {
        do throws(SystemError) {
            try folder.syncFileSystem()
            let named = parts.map { name($0) }
            let folders = Set(named.flatMap { (try? Path.parents(of: $0.get().path)) ?? [] })
            for changed in folders { try folder.syncFolder(changed) }
            return named
        } catch {
            // The kernel may have dropped what it could not write, and would not say so again: it has to come anew.
            for part in parts { try? folder.removeFile(PartFile.name(of: part.root)) }
            return parts.map { _ in .failure(error) }
        }
    }

    private func name(_ part: Part) -> Result<Batch.File, SystemError> {
        do throws(SystemError) {
            let path = try PartFile.name(PartFile.name(of: part.root), as: part.localName, in: folder)
            return .success(Batch.File(path: path, identity: part.identity))
        } catch {
            return .failure(error)
        }
    }
}
