internal import P2PProtocol
internal import P2PRuntime

/// A small file beside an unfinished download that notes its piece hashes and which pieces are on the disk, so that
/// going on asks nobody for the hashes and reads only what is newer than the last sync.
///
/// A line that says what it belongs to, the piece hashes, and a bit for each piece, written over in place. A bit is set
/// only after its piece was synced and is never cleared, so that any mixture of old and new bits which a crash leaves is
/// true. Whatever is odd about the file makes it as good as none.
struct PartJournal: Sendable {
    let root: Digest
    let size: Int
    let folder: RootedFolder

    static func name(of root: Digest) -> Bytes { root.hex + suffix }

    private static let suffix = Bytes(ascii: ".journal")

    /// Whether a file's name is that of a journal; those are not shared.
    static func isName(_ name: some Collection<UInt8>) -> Bool {
        name.count == Digest.hexCount + suffix.count && name.suffix(suffix.count).elementsEqual(suffix)
            && Digest(hex: name.prefix(Digest.hexCount)) != nil
    }

    /// What was noted of the file with this inode and of so many bytes; nil when that is not to be believed. Blocks.
    func load(of part: FileIdentity) -> (layer: PieceLayer, pieces: PieceSet)? {
        guard let geometry = PieceGeometry(size: size), let file = try? folder.openFile(Self.name(of: root)) else {
            return nil
        }
        let header = header(of: part)
        let hashes = header.count..<header.count + geometry.layerCount * Digest.byteCount
        let end = hashes.upperBound + (geometry.count + 7) / 8
        var bytes = Bytes(repeating: 0, count: end)
        guard let status = try? file.status(), status.identity.size == end else { return nil }
        let count = try? bytes.withUnsafeMutableBytes { buffer throws(SystemError) in try file.read(into: buffer, at: 0)
        }
        guard count == end, bytes.starts(with: header),
            let layer = PieceLayer(wire: Bytes(bytes[hashes]), size: size, root: root),
            let pieces = PieceSet(wire: Bytes(bytes[hashes.upperBound...]), count: geometry.count)
        else { return nil }
        let last = (0..<geometry.count).last(where: pieces.contains)
        guard last.flatMap({ geometry.range(of: $0) })?.upperBound ?? 0 <= part.size else { return nil }
        return (layer, pieces)
    }

    /// Notes that these pieces are on the disk. Blocks.
    func save(_ pieces: PieceSet, of layer: PieceLayer, in part: FileIdentity) throws(SystemError) {
        let name = Self.name(of: root)
        let head = header(of: part) + layer.wire
        if let file = opened(for: part), try file.descriptor.status().identity.size == head.count + pieces.bits.count {
            return try file.descriptor.write(pieces.bits, at: head.count)
        }
        remove()
        try folder.createFile(name).write(head + pieces.bits, at: 0)
    }

    func remove() { try? folder.removeFile(Self.name(of: root)) }

    /// The journal, if it is that of this file.
    private func opened(for part: FileIdentity) -> OpenFile? {
        guard let descriptor = try? folder.openFile(Self.name(of: root), for: .readingAndWriting) else { return nil }
        let file = OpenFile(descriptor)
        let header = header(of: part)
        var bytes = Bytes(repeating: 0, count: header.count)
        let count = try? bytes.withUnsafeMutableBytes { try file.descriptor.read(into: $0, at: 0) }
        return count == header.count && bytes == header ? file : nil
    }

    /// The inode tells a copy, or a file that was begun anew, from the one that the bits are about.
    private func header(of part: FileIdentity) -> Bytes {
        Bytes("rookery journal 1 \(size) \(part.inode)\n".utf8)
    }
}
