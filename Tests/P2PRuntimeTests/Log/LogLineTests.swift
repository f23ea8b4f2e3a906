import P2PProtocol
import P2PRuntime
import TestSupport
import Testing

@Suite struct LogLineTests {
    private static let time = WallClock(milliseconds: 1_767_323_045_678)

    @Test("a line is time, level, event and fields with sorted keys")
    func layout() {
        let line = LogLine.render(Self.time, .info, "peer.registered", ["peer": "10.0.0.7:6699", "files": 312])
        #expect(line == Array("2026-01-02T03:04:05.678Z info peer.registered files=312 peer=10.0.0.7:6699\n".utf8))
    }

    @Test("an event without fields ends after its name")
    func noFields() {
        #expect(
            LogLine.render(Self.time, .notice, "index.started", [:])
                == Array("2026-01-02T03:04:05.678Z notice index.started\n".utf8))
    }

    @Test("values are written as their kind is read best")
    func values() {
        let missing: Int? = nil
        let line = LogLine.render(
            Self.time, .debug, "x",
            ["a": missing, "b": true, "c": Duration.milliseconds(1_250), "d": SystemError("open", 2, on: "/x")])
        #expect(
            line.dropFirst(33)
                == ArraySlice(Array("a=- b=true c=1.250 d=\"open /x: No such file or directory\"\n".utf8)))
    }

    @Test(
        "time is written in UTC with milliseconds",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"), (1_709_251_199_999, "2024-02-29T23:59:59.999Z"),
            (1_709_251_200_000, "2024-03-01T00:00:00.000Z"), (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
            (1_767_225_599_999, "2025-12-31T23:59:59.999Z"),
        ])
    func time(milliseconds: Int64, text: String) {
        #expect(WallClock(milliseconds: milliseconds).text == Array(text.utf8))
    }

    @Test("each level has a word that reads back")
    func levels() {
        for level in LogLevel.allCases { #expect(LogLevel(name: level.name) == level) }
        #expect(LogLevel(name: "loud") == nil)
        #expect(LogLevel.allCases.sorted().map(\.name) == ["trace", "debug", "info", "notice", "warning", "error"])
    }
}
