import P2PRuntime
import Testing

@Suite struct TerminalStyleTests {
    @Test(
        "colour is for terminals that want it",
        arguments: [
            (true, nil, "xterm", true), (false, nil, "xterm", false), (true, "1", "xterm", false),
            (true, "", "xterm", true),
            (true, nil, "dumb", false), (true, nil, nil, false), (true, nil, "", false),
        ] as [(Bool, String?, String?, Bool)])
    func detection(isTerminal: Bool, noColor: String?, term: String?, isColoured: Bool) {
        let style = TerminalStyle(isTerminal: isTerminal) { $0 == "NO_COLOR" ? noColor : $0 == "TERM" ? term : nil }
        #expect(style.isColoured == isColoured)
        #expect(style.paint("x", .bad) == (isColoured ? "\u{1B}[31mx\u{1B}[0m" : "x"))
    }
}
