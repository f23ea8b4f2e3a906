internal import Glibc
package import P2PProtocol
package import P2PRuntime

/// An unfinished download: a file named for its root that holds verified pieces in their places. It becomes the real
/// file by a rename that overwrites nothing.
package final class PartFile: Sendable {
    package let layer: PieceLayer
    private let folder: RootedFolder
    private let path: Bytes
    let file: OpenFile
    private let journal: PartJournal

    /// The name under which the pieces of `root` gather. It says nothing of the file's own name, so that no name from
    /// a stranger is on the disk before its content is proven.
    package static func name(of root: Digest) -> Bytes {
        root.hex + Bytes(ascii: ".part")
    }

    /// What an earlier attempt has of the disk; holes do not count. Nil when there was none.
    static func heldBytes(of root: Digest, in folder: RootedFolder) -> Int? {
        guard let file = try? folder.openFile(name(of: root)) else { return nil }
        var status = stat()
        return fstat(file.raw, &status) == 0 ? Int(status.st_blocks) * 512 : 0
    }

    /// The piece hashes that an earlier attempt has left; nil when nobody knows them any more.
    static func layer(of root: Digest, size: Int, in folder: RootedFolder) -> PieceLayer? {
        guard let status = try? folder.status(name(of: root)) else { return nil }
        return PartJournal(root: root, size: size, folder: folder).load(of: status.identity)?.layer
    }

    /// Opens what an earlier attempt has left, or begins anew.
    package init(root: Digest, layer: PieceLayer, in folder: RootedFolder) throws(SystemError) {
        self.layer = layer
        self.folder = folder
        path = Self.name(of: root)
        journal = PartJournal(root: root, size: layer.geometry.size, folder: folder)
        do {
            file = OpenFile(try folder.createFile(path))
        } catch {
            guard error.isExisting else { throw error }
            file = OpenFile(try folder.openFile(path, for: .readingAndWriting))
        }
    }

    /// Keeps other programs from writing the same file; false when one does. It holds until the file is closed. Blocks
    /// for as long as the last pieces from an earlier source may take to let go of it.
    package func lock() -> Bool {
        for _ in 0..<50 {
            if flock(file.descriptor.raw, LOCK_EX | LOCK_NB) == 0 { return true }
            poll(nil, 0, 10)
        }
        return false
    }

    /// What is there already: the journal is believed, the rest is verified. Blocks while it reads.
    package func survey() throws(SystemError) -> PieceSet {
        let identity = try file.descriptor.status().identity
        var verified = journal.load(of: identity)?.pieces ?? PieceSet(count: layer.geometry.count)
        let size = identity.size
        // From the disk: after a failed sync the kernel's memory may hold what the disk does not.
        _ = posix_fadvise(file.descriptor.raw, 0, 0, POSIX_FADV_DONTNEED)
        let buffer = PieceBuffer()
        for piece in 0..<layer.geometry.count where !verified.contains(piece) {
            guard let range = layer.geometry.range(of: piece), range.upperBound <= size else { break }
            guard !isHole(range) else { continue }
            let part = UnsafeMutableRawBufferPointer(rebasing: buffer.bytes[..<range.count])
            guard try file.descriptor.read(into: part, at: range.lowerBound) == range.count else { break }
            if layer.verifies(UnsafeRawBufferPointer(part), asPiece: piece) { verified.insert(piece) }
        }
        return verified
    }

    /// Sets the room for the rest aside, where the file system can: two downloads do not count on the same. Blocks.
    func reserve() { file.descriptor.reserve(layer.geometry.size) }

    /// Gives the room back that was set aside for what has not come. Nobody writes any more. Blocks.
    func giveBack(except pieces: PieceSet) {
        var next = 0
        while let run = pieces.missingRun(from: next) {
            next = run.upperBound
            guard let first = layer.geometry.range(of: run.lowerBound),
                let last = layer.geometry.range(of: run.upperBound - 1)
            else { return }
            file.descriptor.giveBack(first.lowerBound..<last.upperBound)
        }
    }

    /// Pieces come in any order: what was skipped so far takes no room, and need not be read.
    private func isHole(_ range: Range<Int>) -> Bool {
        let data = lseek(file.descriptor.raw, range.lowerBound, Self.seekData)
        return data < 0 ? errno == ENXIO : data >= range.upperBound
    }

    /// SEEK_DATA, which the C module leaves out.
    private static let seekData: Int32 = 3

    /// Verifies a piece and puts it in its place; false when it is not the piece. Blocks.
    func take(_ buffer: PieceBuffer, asPiece piece: Int) throws(SystemError) -> Bool {
        guard let range = layer.geometry.range(of: piece) else { return false }
        let bytes = UnsafeRawBufferPointer(rebasing: buffer.bytes[..<range.count])
        guard layer.verifies(bytes, asPiece: piece) else { return false }
        try file.descriptor.write(bytes, at: range.lowerBound)
        return true
    }

    /// Brings what was written to the disk and notes that these pieces are there; they were written before the call.
    /// Nothing is noted of a file that is complete. Blocks.
    package func sync(_ pieces: PieceSet) throws(SystemError) {
        try file.descriptor.syncData()
        guard !pieces.isComplete else { return }
        // Without the note they are only read once more.
        let identity = try file.descriptor.status().identity
        do { try journal.save(pieces, of: layer, in: identity) } catch {}
    }

    /// Gives the file, which was synced, its name, or `name (2)` and so on when that is taken; returns the path
    /// below the folder. Blocks.
    package func finish(as wanted: Bytes) throws(SystemError) -> Bytes {
        let target = try Self.name(path, as: wanted, in: folder)
        journal.remove()
        for changed in Path.parents(of: target) { try folder.syncFolder(changed) }
        return target
    }

    /// Gives a file of a folder the name that is wanted, or the next one that is free.
    static func name(_ path: Bytes, as wanted: Bytes, in folder: RootedFolder) throws(SystemError) -> Bytes {
        do {
            return try name(path, as: wanted, atMost: LocalName.usualLimit, in: folder)
        } catch {
            guard error.isNameTooLong else { throw error }
        }
        let components = wanted.split(separator: UInt8(ascii: "/")).map {
            LocalName(component: $0, atMost: shortLimit).bytes
        }
        let short = Bytes(components.joined(separator: [UInt8(ascii: "/")]))
        return try name(path, as: short, atMost: shortLimit, in: folder)
    }

    /// What a name may have where it is kept encrypted, as eCryptfs does.
    private static let shortLimit = 143

    private static func name(
        _ path: Bytes, as wanted: Bytes, atMost limit: Int, in folder: RootedFolder
    ) throws(SystemError) -> Bytes {
        let parent = Path.parent(of: wanted)
        if parent != Bytes(ascii: ".") { try folder.makeFolders(parent) }
        let name = LocalName(component: Path.lastComponent(of: wanted), atMost: limit)
        for number in 1...9_999 {
            let candidate = number == 1 ? name.bytes : name.numbered(number, atMost: limit).bytes
            let target = parent == Bytes(ascii: ".") ? candidate : Path.join(parent, candidate)
            if try rename(path, to: target, in: folder) { return target }
        }
        throw SystemError("rename", EEXIST, on: String(decoding: wanted, as: UTF8.self))
    }

    /// False when the name is taken.
    private static func rename(
        _ path: Bytes, to target: Bytes, in folder: RootedFolder
    ) throws(SystemError) -> Bool {
        do {
            try folder.renameWithoutReplacing(path, to: target)
            return true
        } catch {
            guard error.isExisting else { throw error }
            return false
        }
    }
}
