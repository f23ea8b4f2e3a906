internal import Glibc
package import P2PProtocol

/// Bytes that look like nothing in particular, the same for the same seed, no two MiB of them alike.
package enum Noise {
    package static func bytes(_ count: Int, seed: UInt64) -> Bytes {
        var bytes = Bytes()
        bytes.reserveCapacity(count)
        let block = block(seed)
        var number: UInt64 = 0
        while bytes.count < count {
            bytes += block.prefix(min(block.count, count - bytes.count))
            stamp(number, on: &bytes, at: Int(number) * block.count)
            number += 1
        }
        return bytes
    }

    private static func block(_ seed: UInt64) -> Bytes {
        var generator = Seeded(seed: seed)
        var bytes = Bytes()
        while bytes.count < 64 << 10 { withUnsafeBytes(of: generator.next()) { bytes += $0 } }
        return bytes
    }

    private static func stamp(_ number: UInt64, on bytes: inout Bytes, at start: Int) {
        guard number > 0, start + 8 <= bytes.count else { return }
        bytes.replaceSubrange(start..<start + 8, with: withUnsafeBytes(of: number) { Bytes($0) })
    }
}

extension Bytes {
    /// Their identity as a file.
    package var contentRoot: Digest {
        var hasher = ContentHasher()
        withUnsafeBytes { hasher.update($0) }
        return hasher.finish().root
    }
}

extension ScratchFolder {
    /// The identity of a file, by full path; nil when there is none. Tests compare these: a failure is then one line.
    package static func root(of path: String) -> Digest? { read(path)?.contentRoot }
}
