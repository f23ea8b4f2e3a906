package import P2PProtocol

/// Which finds answer which wishes, each once: told what is wished for and what appears, it says what is news.
package struct WishBook: Sendable {
    /// Something that an index says is there.
    package struct Find: Equatable, Sendable {
        package let name: Bytes
        package let size: Int?
        package let root: Digest?
        /// Somebody who has it.
        package let holder: Int?

        package init(name: Bytes, size: Int?, root: Digest?, holder: Int? = nil) {
            (self.name, self.size, self.root, self.holder) = (name, size, root, holder)
        }
    }

    /// So many finds are remembered of a wish; then the oldest may be news again.
    private static let memory = 10_000

    package private(set) var wishes: [Wish] = []
    /// What was found for each wish before, by its number, the oldest first.
    private var seen: [Int: [Digest]] = [:]
    private var queries: [Int: Query] = [:]

    /// With what an earlier run has seen: lines of a wish's number and a digest.
    package init(seen lines: [Bytes] = []) {
        for line in lines {
            let parts = line.split(separator: UInt8(ascii: " "))
            guard parts.count == 2, let number = Decimal.parse(parts[0]), let digest = Digest(hex: parts[1]) else {
                continue
            }
            seen[number, default: []].append(digest)
        }
    }

    /// What is to be remembered for the next run.
    package var lines: [Bytes] {
        seen.keys.sorted().flatMap { number in
            (seen[number] ?? []).map { Bytes("\(number) ".utf8) + $0.hex }
        }
    }

    /// From now on these are the wishes.
    package mutating func set(_ wishes: [Wish]) {
        self.wishes = wishes
        queries = Dictionary(
            wishes.compactMap { wish in (try? Query.parse(wish.query)).map { (wish.number, $0) } },
            uniquingKeysWith: { first, _ in first })
        let numbers = Set(wishes.map(\.number))
        seen = seen.filter { numbers.contains($0.key) }
    }

    /// The wishes that something answers for the first time. That an index says so is not enough: what does not match
    /// the words is nobody's wish, whoever sends it.
    package mutating func take(_ find: Find) -> [Wish] {
        let subject = QuerySubject(
            name: find.name, size: find.size, root: find.root, peers: find.holder.map { [$0] } ?? [])
        let digest = find.root ?? SHA256.hash(find.name)
        return wishes.filter { wish in
            guard queries[wish.number]?.matches(subject) == true else { return false }
            var known = seen[wish.number] ?? []
            guard !known.contains(digest) else { return false }
            known.append(digest)
            seen[wish.number] = known.suffix(Self.memory)
            return true
        }
    }
}
