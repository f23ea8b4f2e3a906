import P2PProtocol
import Peer
import Testing

@Suite struct ShareAdviceTests {
    @Test(
        "[attack A91] who shares the whole machine or the whole home folder is told what that means",
        arguments: [
            ("/", "/ is everything on this machine"), ("/home/ann", "/home/ann is all of your home folder"),
            ("/home/ann/Rookery", nil), ("/home", nil),
        ] as [(String, String?)])
    func warning(folder: String, start: String?) {
        let warning = ShareAdvice.warning(for: Bytes(folder.utf8), home: Bytes(ascii: "/home/ann"))
        #expect(warning.map { $0.hasPrefix(start ?? "?") } == (start == nil ? nil : true))
    }
}
