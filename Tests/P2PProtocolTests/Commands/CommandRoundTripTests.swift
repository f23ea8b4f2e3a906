import P2PProtocol
import TestSupport
import Testing

@Suite struct CommandRoundTripTests {
    @Test("reads back every command that is written, however it is cut", arguments: 0..<100)
    func roundTrip(seed: UInt64) throws {
        var (source, random) = (RandomCommand(seed: seed), Seeded(seed: seed))
        let commands = (0..<50).map { _ in source.next() }
        var writer = CommandWriter()
        for command in commands { writer.write(command) }
        var (parser, buffer, read) = (CommandParser(), Bytes(), [Command]())
        for portion in writer.output.bytes.cut(using: &random) {
            buffer += portion
            while case .command(let consumed) = parser.next(in: buffer.span) {
                read.append(try Command.parse(parser, in: buffer.span))
                buffer.removeFirst(consumed)
            }
        }
        #expect(read == commands, "seed \(seed)")
    }

    @Test("[attack A1] any words give a command or an error that lets the connection go on", arguments: 0..<100)
    func anyWords(seed: UInt64) {
        var (source, random) = (RandomCommand(seed: seed), Seeded(seed: seed))
        for _ in 0..<50 {
            var words = source.next().words
            for _ in 0...Int.random(in: 0..<3, using: &random) { mutate(&words, using: &random) }
            guard case .failure(let error) = Command.sent(words) else { continue }
            #expect(error.consequence == .reply, "seed \(seed)")
            #expect(error.message.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }, "seed \(seed): \(error.message)")
        }
    }

    private func mutate(_ words: inout [Bytes], using random: inout Seeded) {
        let index = Int.random(in: words.indices, using: &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0 where words.count > 1: words.remove(at: index)
        case 1: words.insert(words[index], at: index)
        case 2: words[index] = []
        case 3: words[index].append(UInt8.random(in: 0...255, using: &random))
        default: words.swapAt(index, 0)
        }
    }
}
