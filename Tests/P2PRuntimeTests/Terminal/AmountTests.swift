import P2PRuntime
import Testing

@Suite struct AmountTests {
    @Test(
        "short spans",
        arguments: [
            (0, "0.0 ms"), (340, "0.3 ms"), (9_990, "9.9 ms"), (12_700, "12 ms"), (999_999, "999 ms"),
            (1_260_000, "1.2 s"), (-5, "0.0 ms"),
        ])
    func latency(_ microseconds: Int, _ text: String) {
        #expect(Amount.latency(.microseconds(microseconds)) == text)
    }

    @Test(
        "sizes are rounded down and take at most 8 columns",
        arguments: [
            (Int.min, "0 B"), (-1, "0 B"), (0, "0 B"), (1_023, "1023 B"), (1_024, "1.0 KiB"), (1_535, "1.4 KiB"),
            (1_536, "1.5 KiB"), (102_399, "99.9 KiB"), (102_400, "100 KiB"), ((1 << 20) - 1, "1023 KiB"),
            (1 << 20, "1.0 MiB"), (3 << 29, "1.5 GiB"), (1 << 40, "1.0 TiB"), (Int.max, "7.9 EiB"),
        ])
    func bytes(count: Int, text: String) {
        #expect(Amount.bytes(count) == text)
        #expect(text.utf8.count <= 8)
    }

    @Test("a rate is a size a second")
    func rate() { #expect(Amount.rate(12_900_000) == "12.3 MiB/s") }

    @Test(
        "spans are said in their two largest units",
        arguments: [
            (-5_000, "0.0 s"), (0, "0.0 s"), (449, "0.4 s"), (999, "0.9 s"), (12_700, "12 s"), (59_999, "59 s"),
            (185_000, "3 min 5 s"), (7_500_000, "2 h 5 min"), (86_399_999, "23 h 59 min"), (273_600_000, "3 d 4 h"),
        ])
    func time(milliseconds: Int, text: String) {
        #expect(Amount.time(.milliseconds(milliseconds)) == text)
        #expect(text.utf8.count <= 11)
    }

    @Test("a span without an end is still text")
    func endless() { #expect(Amount.time(.seconds(Int64.max)).utf8.count <= 11) }
}
