package import P2PProtocol

/// Everything that is shared, in the order of the names' bytes: what lies in a folder stands together, so that a
/// folder is found by halving, skipped in one step, and its size is a difference of two sums.
package struct SortedShare: Sendable {
    private let files: [LibraryEntry]
    /// For each file the bytes of all before it; one more for all of them.
    private let bytesBefore: [Int]

    /// Takes files that are sorted by their names.
    package init(sorted files: [LibraryEntry]) {
        self.files = files
        var sums = [0]
        sums.reserveCapacity(files.count + 1)
        // Wrapping: the difference of two sums is right as long as the folder's own size fits.
        for file in files { sums.append(sums[sums.count - 1] &+ file.size) }
        bytesBefore = sums
    }

    /// The size of everything.
    package var totalBytes: Int { bytesBefore[files.count] }

    /// One page of a folder; nil when nothing is shared in a folder of that name. Costs a step for each entry of the
    /// folder, whatever lies below those.
    package func listing(of folder: Bytes, from cursor: ShareCursor, limit: Int) -> ShareListing? {
        let path = folder.count > 1 && folder.last == Self.slash ? Bytes(folder.dropLast()) : folder
        let prefix = path.isEmpty ? [] : path + [Self.slash]
        let range = prefix.isEmpty ? 0..<files.count : self.range(of: prefix)
        guard path.isEmpty || !range.isEmpty else { return nil }
        let start = firstIndex(from: cursor, in: prefix)
        var listing = ShareListing(path: path)
        var index = range.lowerBound
        while index < range.upperBound {
            let name = line(at: index, in: prefix)
            let end = name.last == Self.slash ? self.range(of: prefix + name).upperBound : index + 1
            listing.total += 1
            if index >= start { add(name, index..<end, to: &listing, limit: limit) }
            index = end
        }
        return listing
    }

    private func add(_ name: ArraySlice<UInt8>, _ range: Range<Int>, to listing: inout ShareListing, limit: Int) {
        guard listing.entries.count < limit else {
            listing.hasMore = true
            return
        }
        let size = bytesBefore[range.upperBound] &- bytesBefore[range.lowerBound]
        let root = name.last == Self.slash ? nil : files[range.lowerBound].root
        listing.entries.append(ShareListing.Entry(name: Bytes(name), size: size, root: root))
    }

    /// The part of a name that its folder shows: the next component, with its slash when more follows.
    private func line(at index: Int, in prefix: Bytes) -> ArraySlice<UInt8> {
        let rest = files[index].name.bytes[prefix.count...]
        guard let end = rest.firstIndex(of: Self.slash) else { return rest }
        return rest[...end]
    }

    private func firstIndex(from cursor: ShareCursor, in prefix: Bytes) -> Int {
        guard case .after(let name) = cursor else { return 0 }
        let last = prefix + name
        // The least name that is greater: a folder ends where another last byte would begin, a file at its own end.
        return name.last == Self.slash ? range(of: last).upperBound : firstIndex(notBefore: last + [0])
    }

    /// The files below a folder, by its path with the slash.
    private func range(of prefix: Bytes) -> Range<Int> {
        let first = firstIndex(notBefore: prefix)
        let next = firstIndex(notBefore: prefix.dropLast() + [Self.slash + 1])
        return first..<max(first, next)
    }

    private func firstIndex(notBefore bytes: Bytes) -> Int {
        var (low, high) = (0, files.count)
        while low < high {
            let middle = low + (high - low) / 2
            if files[middle].name.bytes.lexicographicallyPrecedes(bytes) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }

    private static let slash = UInt8(ascii: "/")
}
