import Glibc
import P2PProtocol
import TestSupport
import Testing

/// `peer doctor` on a peer that is well, and on one that is not.
@Suite struct PeerDoctorTests {
    private static func verdicts(_ scene: TransferScene, code: Int32) throws -> [String: String] {
        let checks = try JSON.parse(Bytes(scene.run("doctor", "--json", code: code).utf8))["checks"]?.array ?? []
        return Dictionary(
            checks.map { (TransferScene.text($0, "check"), TransferScene.text($0, "verdict")) },
            uniquingKeysWith: { first, _ in first })
    }

    @Test("a peer that runs and can be reached is well; without its server it is not")
    func doctor() throws {
        let scene = try TransferScene()
        scene.scratch.folder("you")
        try scene.scratch.write("you/song.bin", Bytes(repeating: 7, count: 100))
        let daemon = try scene.daemon()
        try scene.index.wait(for: "PEERS") { $0[0]?["reachable"]?.integer == 1 }
        let well = try Self.verdicts(scene, code: 0)
        for check in ["peer", "port", "server", "clock", "downloads", "state"] {
            #expect(well[check] == "ok", "\(check) of \(well)")
        }
        #expect(try scene.run("doctor").contains("ok    server     127.0.0.1:\(scene.index.port) answers in "))
        try daemon.stop()
        #expect(try Self.verdicts(scene, code: 0)["peer"] == "warn")
        try scene.index.kill()
        #expect(try Self.verdicts(scene, code: 1)["server"] == "fail")
        #expect(try scene.run("doctor", code: 1).contains("start index-server there"))
    }
}
