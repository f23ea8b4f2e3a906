import P2PRuntime
import Peer
import Testing

@Suite struct DownloadPaceTests {
    /// So many readers for twenty seconds of a clock that only waiting moves; the bytes of all of them.
    private func read(_ pace: DownloadPace, readers count: Int, from start: Moment) -> Int {
        var readers = Array(repeating: start, count: count)
        let end = start + .seconds(20)
        var bytes = 0
        while let next = readers.indices.min(by: { readers[$0] < readers[$1] }), readers[next] < end {
            let portion = pace.portion ?? 1 << 20
            bytes += portion
            readers[next] = pace.pay(for: portion, now: readers[next]) ?? readers[next] + .microseconds(100)
        }
        return bytes
    }

    @Test("5 MB a second hold within 5 % over 20 s, with one connection and with many", arguments: [1, 4, 20])
    func limit(readers: Int) {
        let bytes = read(DownloadPace(bytesPerSecond: 5_000_000), readers: readers, from: Moment(nanoseconds: 1))
        #expect(95_000_000...105_000_000 ~= bytes, "\(bytes)")
    }

    @Test("a limit that changes holds from then on, and none is none")
    func changing() {
        let pace = DownloadPace()
        #expect(pace.portion == nil && pace.pay(for: 1 << 30, now: Moment(nanoseconds: 1)) == nil)
        pace.set(bytesPerSecond: 1_000_000)
        let bytes = read(pace, readers: 2, from: Moment(nanoseconds: 1))
        #expect(19_000_000...21_000_000 ~= bytes, "\(bytes)")
        pace.set(bytesPerSecond: nil)
        #expect(pace.pay(for: 1 << 30, now: Moment(nanoseconds: 2)) == nil)
    }
}
