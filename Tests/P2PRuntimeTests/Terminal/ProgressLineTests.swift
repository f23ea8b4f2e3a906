import P2PProtocol
import P2PRuntime
import TestSupport
import Testing

@Suite struct ProgressLineTests {
    private func line(_ done: Int, _ total: Int?, width: Int = 80) -> String {
        ProgressLine(
            label: Bytes(ascii: "calm sea.flac"), done: done, total: total, bytesPerSecond: 12_900_000,
            remaining: .seconds(185)
        ).text(width: width)
    }

    @Test(
        "what does not fit goes: the bar, the sizes, the time left, the rate",
        arguments: [
            (80, "calm sea.flac    [##------]   33%   1.0 GiB of  3.0 GiB  12.3 MiB/s    3 min 5 s"),
            (70, "calm sea.flac       33%   1.0 GiB of  3.0 GiB  12.3 MiB/s    3 min 5 s"),
            (60, "calm sea.flac      [##------]   33%  12.3 MiB/s    3 min 5 s"),
            (50, "calm sea.flac         33%  12.3 MiB/s    3 min 5 s"),
            (40, "calm sea.flac            33%  12.3 MiB/s"), (25, "calm sea.flac         33%"), (10, "calm …flac"),
        ])
    func widths(width: Int, text: String) {
        #expect(line(1 << 30, 3 << 30, width: width) == text)
    }

    @Test("without a total there is no bar and no share")
    func unknownTotal() {
        #expect(line(1_024, nil, width: 60) == "calm sea.flac               1.0 KiB  12.3 MiB/s    3 min 5 s")
    }

    @Test(
        "the share is never more than what is there",
        arguments: [
            (0, 0, "100%"), (0, 5, "  0%"), (999, 1_000, " 99%"), (1_000, 1_000, "100%"), (7, 5, "100%"),
            (-1, -1, "100%"),
        ])
    func share(done: Int, total: Int, text: String) {
        #expect(ProgressLine(label: [], done: done, total: total).text().contains(text))
    }

    @Test("no line is wider than it may be, whatever its name and numbers [attack A69] [attack A70]")
    func random() {
        var random = Seeded(seed: 11)
        for _ in 0..<2_000 {
            let label = (0..<Int.random(in: 0...60, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            let width = Int.random(in: 1...120, using: &random)
            let text = ProgressLine(
                label: label + Array("日本語".utf8), done: .random(in: 0 ... .max, using: &random),
                total: Bool.random(using: &random) ? .random(in: 0 ... .max, using: &random) : nil,
                bytesPerSecond: .random(in: 0 ... .max, using: &random), remaining: .seconds(Int64.max)
            ).text(width: width)
            #expect(Display.columns(of: text) <= width)
            #expect(!text.unicodeScalars.contains { $0.properties.generalCategory == .control })
        }
    }
}
