internal import P2PProtocol

/// Who follows the library's changes, and which names each has not heard about.
struct Followers {
    private struct Follower {
        let bell: AsyncStream<Void>.Continuation
        var waiting: [Name]
        var isWaiting: Set<Name>
    }

    private var followers: [Int: Follower] = [:]
    /// The followers' numbers once more: going through the dictionary itself while it changes would copy it, with all
    /// that waits in it, for every name.
    private var numbers: [Int] = []
    private var lastNumber = 0

    mutating func add(hearing names: [Name]) -> (number: Int, bell: AsyncStream<Void>) {
        lastNumber += 1
        let (bell, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        followers[lastNumber] = Follower(bell: continuation, waiting: names, isWaiting: Set(names))
        numbers.append(lastNumber)
        return (lastNumber, bell)
    }

    mutating func remove(_ number: Int) {
        followers[number] = nil
        numbers.removeAll { $0 == number }
    }

    mutating func tell(_ name: Name) {
        for number in numbers where followers[number]?.isWaiting.insert(name).inserted == true {
            followers[number]?.waiting.append(name)
            // Whoever waits has taken everything: only the first name is news to him.
            if followers[number]?.waiting.count == 1 { followers[number]?.bell.yield() }
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
