import P2PProtocol
import P2PRuntime
import Testing

@Suite struct PortListTests {
    @Test(
        "ports come in the order written [mission T1]",
        arguments: [
            ("8888", [8_888]), ("8888,7777,8889-8891", [8_888, 7_777, 8_889, 8_890, 8_891]), ("0", [0]),
            ("65535-65535,1", [65_535, 1]), ("7-7", [7]),
        ])
    func order(text: String, ports: [UInt16]) {
        #expect(PortList(Array(text.utf8)).map { Array($0) } == ports)
    }

    @Test(
        "anything else is no list of ports",
        arguments: [
            "", ",", "1,", ",1", "65536", "-1", "1-", "-", "2-1", "0-5", "1--2", "1-2-3", "+1", " 1", "1 ", "a",
            "99999999999999999999",
        ])
    func refused(text: String) {
        #expect(PortList(Array(text.utf8)) == nil)
    }
}
