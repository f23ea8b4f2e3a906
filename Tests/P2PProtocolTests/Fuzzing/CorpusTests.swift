import FuzzTargets
import P2PProtocol
import TestSupport
import Testing

@Suite struct CorpusTests {
    /// `Tests/Corpus`, found from this file: the corpus is no resource of a bundle, the fuzzer reads it too.
    private static let folder = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" } + "/Corpus"

    @Test("every input that the fuzzer starts from, or ever stumbled over, is survived", arguments: FuzzTarget.allCases)
    func replay(target: FuzzTarget) throws {
        let folder = "\(Self.folder)/\(target.rawValue)"
        let names = ScratchFolder.list(folder)
        #expect(!names.isEmpty)
        for name in names { target.run(try #require(ScratchFolder.read("\(folder)/\(name)"))) }
    }

    @Test("so is every input with one byte flipped, dropped or doubled", arguments: FuzzTarget.allCases)
    func mutations(target: FuzzTarget) throws {
        var random = Seeded(seed: 7)
        let folder = "\(Self.folder)/\(target.rawValue)"
        for name in ScratchFolder.list(folder) {
            let seed = try #require(ScratchFolder.read("\(folder)/\(name)"))
            for _ in 0..<40 where !seed.isEmpty {
                var bytes = seed
                let place = Int.random(in: bytes.indices, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                case 1: bytes.remove(at: place)
                default: bytes.insert(bytes[place], at: place)
                }
                target.run(bytes)
            }
        }
    }
}
