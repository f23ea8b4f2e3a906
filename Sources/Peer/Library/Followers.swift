internal import P2PProtocol

/// Who follows the library's changes, and which names each has not heard about.
struct Followers {
    private struct Follower {
        let bell: AsyncStream<Void>.Continuation
        var waiting: [Name]
        var isWaiting: Set<Name>
    }

    private var followers: [Int: Follower] = [:]
    private var lastNumber = 0

    mutating func add(hearing names: [Name]) -> (number: Int, bell: AsyncStream<Void>) {
        lastNumber += 1
        let (bell, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        followers[lastNumber] = Follower(bell: continuation, waiting: names, isWaiting: Set(names))
        return (lastNumber, bell)
    }

    mutating func remove(_ number: Int) {
        followers[number] = nil
    }

    mutating func tell(_ name: Name) {
        for number in followers.keys where followers[number]?.isWaiting.insert(name).inserted == true {
            followers[number]?.waiting.append(name)
            followers[number]?.bell.yield()
        }
    }

    /// The names that wait, newest first: they are taken off the end.
    mutating func take(_ number: Int, atMost limit: Int) -> [Name] {
        guard let waiting = followers[number]?.waiting.suffix(limit), !waiting.isEmpty else { return [] }
        followers[number]?.waiting.removeLast(waiting.count)
        for name in waiting { followers[number]?.isWaiting.remove(name) }
        return waiting.reversed()
    }
}
