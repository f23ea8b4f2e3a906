import P2PProtocol
import P2PRuntime
import Synchronization

/// An index of which a test says what it answers: real sockets, no engine behind them.
final class ScriptedIndex: Sendable {
    /// What is sent back for a command: bytes as they are, or nothing and the end of the connection.
    enum Answer {
        case bytes(String)
        case silence
        /// These bytes, perhaps none, then the connection is lost.
        case hangUp(String)
    }

    typealias Script = @Sendable (Command) -> Answer

    let group: LoopGroup
    let server: ServerAddress
    private let script: Script
    private let received = Mutex<[Command]>([])
    private let bell: AsyncStream<Void>
    private let ring: AsyncStream<Void>.Continuation

    init(_ script: @escaping Script) throws {
        group = try LoopGroup(count: 1)
        let listener = try Listener(on: Endpoint(address: .loopback, port: 0), group: group)
        server = ServerAddress(host: "127.0.0.1", port: listener.endpoint.port)
        self.script = script
        (bell, ring) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        listener.serve { [weak self] stream in await self?.serve(stream) }
    }

    deinit { group.stop() }

    var loop: EventLoop { group.loops[0] }

    /// Everything that was asked, over all connections.
    var commands: [Command] { received.withLock { $0 } }

    /// Waits until what was asked fulfils a condition; true, so that it can be expected. One task at a time.
    func wait(until isEnough: ([Command]) -> Bool) async -> Bool {
        var bell = bell.makeAsyncIterator()
        while !isEnough(commands) {
            guard await bell.next(isolation: #isolation) != nil else { return false }
        }
        return true
    }

    private func serve(_ stream: Stream) async {
        var parser = CommandParser()
        var pending = Bytes()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 1)
        defer { buffer.deallocate() }
        while let count = try? await stream.read(into: buffer, until: .now + .seconds(3_600)), count > 0 {
            pending += buffer[..<count]
            while case .command(let consumed) = parser.next(in: pending.span) {
                guard let command = try? Command.parse(parser, in: pending.span) else { return }
                pending.removeFirst(consumed)
                guard await answer(command, over: stream) else { return }
            }
        }
    }

    private func answer(_ command: Command, over stream: Stream) async -> Bool {
        received.withLock { $0.append(command) }
        ring.yield()
        switch script(command) {
        case .silence: return true
        case .bytes(let text): return (try? await stream.write(Bytes(text.utf8), until: .now + .seconds(3_600))) != nil
        case .hangUp(let text):
            _ = try? await stream.write(Bytes(text.utf8), until: .now + .seconds(3_600))
            return false
        }
    }
}

extension ScriptedIndex {
    /// What an index answers to `HELLO 3`, and to a registration under an id.
    static let hello = Answer.bytes("%1\r\n$6\r\nserver\r\n$7\r\nrookery\r\n")

    static func registered(_ id: Int, token: String = "secret") -> Answer {
        .bytes(
            "%4\r\n$2\r\nid\r\n:\(id)\r\n$4\r\nhost\r\n$9\r\n127.0.0.1\r\n$4\r\nport\r\n:9001\r\n"
                + "$5\r\ntoken\r\n$\(token.utf8.count)\r\n\(token)\r\n")
    }

    /// Registers everybody as 5 and agrees with the rest.
    static let agreeable: Script = { command in
        switch command {
        case .hello: hello
        case .register: registered(5)
        case .quit: .hangUp("+OK\r\n")
        case .update: .bytes(":1\r\n")
        case .peers: .bytes("*0\r\n")
        default: .bytes("+PONG\r\n")
        }
    }
}
