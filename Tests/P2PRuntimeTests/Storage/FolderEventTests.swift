import Glibc
import P2PProtocol
import P2PRuntime
import TestSupport
import Testing

@Suite struct FolderEventTests {
    /// An event as the kernel lays it out.
    private func raw(_ watch: Int32, _ mask: UInt32, cookie: UInt32 = 0, _ name: String = "", pad: Int = 0) -> Bytes {
        let name = Bytes(name.utf8) + Bytes(repeating: 0, count: pad)
        let words = [UInt32(bitPattern: watch), mask, cookie, UInt32(name.count)]
        return words.flatMap { word in withUnsafeBytes(of: word) { Bytes($0) } } + name
    }

    private func parse(_ bytes: Bytes) -> [FolderEvent] {
        bytes.withUnsafeBytes { FolderEvent.parse($0) }
    }

    @Test(
        "reads each kind that is of interest",
        arguments: [
            (0x100 as UInt32, FolderEvent.Kind.created), (0x8, .closed), (0x4, .touched), (0x200, .deleted),
            (0x40, .movedFrom(cookie: 7)), (0x80, .movedTo(cookie: 7)), (0x8000, .ended), (0x4000, .lost),
        ])
    func kinds(mask: UInt32, kind: FolderEvent.Kind) {
        #expect(
            parse(raw(3, mask, cookie: 7, "song", pad: 12)) == [
                FolderEvent(watch: 3, kind, name: Bytes("song".utf8))
            ])
        #expect(
            parse(raw(3, mask | 0x4000_0000, cookie: 7)) == [FolderEvent(watch: 3, kind, isFolder: true)])
    }

    @Test("passes over what is not of interest, and keeps the order of the rest")
    func order() {
        let bytes =
            raw(1, 0x100, "a", pad: 15) + raw(1, 0x20, "opened", pad: 2) + raw(2, 0x2000) + raw(1, 0x8, "a", pad: 15)
        #expect(parse(bytes).map(\.kind) == [.created, .closed])
    }

    @Test("names are bytes, of any length up to the next NUL")
    func names() {
        let name = String(repeating: "n", count: 255)
        #expect(parse(raw(1, 0x100, name, pad: 1)).map(\.name) == [Bytes(name.utf8)])
        let odd = raw(1, 0x100, "ab", pad: 2).dropLast(4) + [0xFF, 0x0A, 0, 0]
        #expect(parse(Bytes(odd)).map(\.name) == [[0xFF, 0x0A]])
    }

    @Test("cut anywhere, gives the events that are whole and never reads beyond")
    func cut() {
        let events = [raw(1, 0x100, "a", pad: 15), raw(2, 0x200), raw(3, 0x80, cookie: 9, "bc", pad: 14)]
        let bytes = Bytes(events.joined())
        let ends = [16 + 16, 16 + 16 + 16, bytes.count]
        for end in 0...bytes.count {
            #expect(parse(Bytes(bytes[..<end])).count == ends.count { $0 <= end })
        }
        var lying = raw(1, 0x100, "a", pad: 3)
        lying.replaceSubrange(12..<16, with: [0xFF, 0xFF, 0xFF, 0xFF])
        #expect(parse(lying).isEmpty)
    }
}
