package import P2PProtocol

/// A part of a list as it stands on the disk: entries that came, or paths that went.
///
/// A byte says which; then for each entry the length of its path in two bytes, its size in eight and its root in 32,
/// which a path that went does not have, and the path. Numbers are little-endian.
package enum ListPage: Equatable {
    case added([FileEntry])
    case removed([Name])

    /// Entries without a root are not remembered: nobody could ask for them.
    package static func encode(adding entries: some Collection<FileEntry>) -> Bytes {
        var bytes: Bytes = [1]
        bytes.reserveCapacity(1 + entries.count * 112)
        for entry in entries {
            guard let size = entry.size, let root = entry.root else { continue }
            bytes.append(littleEndian: UInt64(entry.name.bytes.count), byteCount: 2)
            bytes.append(littleEndian: UInt64(size), byteCount: 8)
            for word in [root.words.0, root.words.1, root.words.2, root.words.3] {
                bytes.append(littleEndian: word, byteCount: 8)
            }
            bytes += entry.name.bytes
        }
        return bytes
    }

    /// Paths that went.
    package static func encode(removing paths: some Collection<Name>) -> Bytes {
        var bytes: Bytes = [2]
        for path in paths {
            bytes.append(littleEndian: UInt64(path.bytes.count), byteCount: 2)
            bytes += path.bytes
        }
        return bytes
    }

    /// What was encoded; what does not hold together ends it.
    package init?(_ bytes: Bytes) {
        var reader = PageReader(bytes)
        switch reader.number(byteCount: 1) {
        case 1:
            var entries: [FileEntry] = []
            while let entry = reader.entry() { entries.append(entry) }
            self = .added(entries)
        case 2:
            var paths: [Name] = []
            while let count = reader.number(byteCount: 2), let path = reader.name(count) { paths.append(path) }
            self = .removed(paths)
        default:
            return nil
        }
    }
}

private struct PageReader {
    private let bytes: Bytes
    private var position = 0

    init(_ bytes: Bytes) { self.bytes = bytes }

    mutating func number(byteCount: Int) -> UInt64? {
        guard byteCount <= bytes.count - position else { return nil }
        defer { position += byteCount }
        guard byteCount < 8 else {
            return bytes.withUnsafeBytes {
                UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: position, as: UInt64.self))
            }
        }
        var value: UInt64 = 0
        for index in 0..<byteCount { value |= UInt64(bytes[position + index]) << UInt64(8 * index) }
        return value
    }

    mutating func name(_ count: UInt64) -> Name? {
        guard count <= UInt64(bytes.count - position) else { return nil }
        defer { position += Int(count) }
        return Name(validating: bytes.span.extracting(position..<(position + Int(count))))
    }

    mutating func entry() -> FileEntry? {
        guard let count = number(byteCount: 2), let size = number(byteCount: 8).flatMap({ Int(exactly: $0) }),
            let first = number(byteCount: 8), let second = number(byteCount: 8), let third = number(byteCount: 8),
            let fourth = number(byteCount: 8), let name = name(count)
        else { return nil }
        return FileEntry(name: name, size: size, root: Digest(words: (first, second, third, fourth)))
    }
}

extension Bytes {
    fileprivate mutating func append(littleEndian value: UInt64, byteCount: Int) {
        for index in 0..<byteCount { append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index))) }
    }
}
