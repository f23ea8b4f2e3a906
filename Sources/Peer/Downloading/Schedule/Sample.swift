/// So many of the things that come by, each with the same chance, in a random order.
struct Sample {
    private(set) var elements: [Int] = []
    private let size: Int
    private var seen = 0

    init(of size: Int) { self.size = size }

    mutating func add(_ element: Int, using chance: inout SplitMix) {
        seen += 1
        let place = Int.random(in: 0..<seen, using: &chance)
        guard elements.count == size else {
            elements.append(element)
            return elements.swapAt(place, elements.count - 1)
        }
        if place < size { elements[place] = element }
    }

    mutating func removeAll() {
        elements.removeAll(keepingCapacity: true)
        seen = 0
    }
}
