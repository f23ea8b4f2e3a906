/// A long list that only grows, in segments that never move: growing copies nothing.
struct Segments<Element> {
    private static var bits: Int { 12 }
    private var segments: [[Element]] = []
    private(set) var count = 0

    subscript(index: Int) -> Element {
        segments[index >> Self.bits][index & (1 << Self.bits - 1)]
    }

    mutating func append(_ element: Element) {
        if count >> Self.bits == segments.count {
            var segment: [Element] = []
            if !segments.isEmpty { segment.reserveCapacity(1 << Self.bits) }
            segments.append(segment)
        }
        segments[segments.count - 1].appendTightly(element)
        count += 1
    }
}
