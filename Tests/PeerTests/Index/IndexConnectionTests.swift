import P2PProtocol
import P2PRuntime
import Peer
import Testing

@Suite struct IndexConnectionTests {
    @Test("commands that are sent together are answered each to its own asker")
    func pipelined() async throws {
        let index = try ScriptedIndex { command in
            if case .echo(let text) = command {
                .bytes("$\(text.count)\r\n\(String(decoding: text, as: UTF8.self))\r\n")
            } else {
                ScriptedIndex.hello
            }
        }
        let connection = try await IndexConnection.open(to: index.server, on: index.loop)
        let pending = (0..<200).map { connection.send(.echo(Bytes(decimal: $0))) }
        for (number, request) in pending.enumerated() {
            #expect(try await request.reply.bytes == Bytes(decimal: number))
        }
        connection.close()
    }

    @Test("an error is an answer: the connection goes on")
    func refused() async throws {
        let index = try ScriptedIndex { command in
            switch command {
            case .hello: ScriptedIndex.hello
            case .search: .bytes("-ERR SEARCH: too many terms\r\n")
            default: .bytes("$9\r\nNOT_EXIST\r\n")
            }
        }
        let connection = try await IndexConnection.open(to: index.server, on: index.loop)
        await #expect(throws: IndexFailure.refused(Bytes(ascii: "ERR SEARCH: too many terms"))) {
            _ = try await connection.search(Bytes(ascii: "x"))
        }
        #expect(try await !connection.check(Bytes(ascii: "x")))
    }

    @Test("hits, pages and peers are read as the wire has them")
    func typed() async throws {
        let root = String(repeating: "ab", count: 32)
        let source = "*5\r\n:7\r\n$8\r\n10.0.0.7\r\n:6699\r\n$1\r\nm\r\n_\r\n"
        let hit =
            "%5\r\n$4\r\nname\r\n$1\r\na\r\n$4\r\nsize\r\n:3\r\n$4\r\nroot\r\n$64\r\n\(root)\r\n"
            + "$7\r\nsources\r\n*1\r\n\(source)$5\r\ncount\r\n:70\r\n"
        let index = try ScriptedIndex { command in
            switch command {
            case .search: .bytes("*3\r\n:1\r\n$2\r\n17\r\n*2\r\n\(hit)+nonsense\r\n")
            case .list: .bytes("*3\r\n:2\r\n$1\r\n0\r\n*2\r\n$1\r\na\r\n$1\r\nb\r\n")
            case .peers: .bytes("*1\r\n%4\r\n+id\r\n:7\r\n+host\r\n+10.0.0.7\r\n+port\r\n:6699\r\n+reachable\r\n#f\r\n")
            default: ScriptedIndex.hello
            }
        }
        let connection = try await IndexConnection.open(to: index.server, on: index.loop)
        let page = try await connection.search(Bytes(ascii: "a"))
        #expect(page.next == Bytes(ascii: "17"))
        #expect(page.entries.count == 1)
        #expect(page.entries[0].count == 70)
        #expect(page.entries[0].root?.hex == Bytes(root.utf8))
        #expect(
            page.entries[0].sources == [
                IndexSource(id: 7, host: Bytes(ascii: "10.0.0.7"), port: 6_699, isMovable: true)
            ])
        let names = try await connection.list()
        #expect(names.next == nil)
        #expect(names.entries == [Bytes(ascii: "a"), Bytes(ascii: "b")])
        #expect(try await connection.peers().first?.isReachable == false)
    }

    @Test("[fault F26] a connection that is lost anywhere in an answer fails whoever waits, and whoever asks later")
    func lost() async throws {
        let answer = "*3\r\n:1\r\n$1\r\n0\r\n*0\r\n"
        for cut in 0..<answer.utf8.count {
            let index = try ScriptedIndex { command in
                if case .search = command {
                    .hangUp(String(decoding: answer.utf8.prefix(cut), as: UTF8.self))
                } else {
                    ScriptedIndex.hello
                }
            }
            let connection = try await IndexConnection.open(to: index.server, on: index.loop)
            await #expect(throws: IndexFailure.closed) { _ = try await connection.search(Bytes(ascii: "x")) }
            await #expect(throws: IndexFailure.closed) { try await connection.ping() }
            #expect(await connection.end == .closed)
        }
    }

    @Test("an index that does not answer in time is not waited for any longer")
    func late() async throws {
        let index = try ScriptedIndex { command in if case .hello = command { ScriptedIndex.hello } else { .silence } }
        let connection = try await IndexConnection.open(to: index.server, on: index.loop)
        await #expect(throws: IndexFailure.timedOut) {
            _ = try await connection.search(Bytes(ascii: "x"), within: .milliseconds(30))
        }
        connection.close()
        #expect(await connection.end == .left)
    }

    @Test("[mission F10] a server that is not there is named with the reason and what to do")
    func unreachable() async throws {
        let index = try ScriptedIndex(ScriptedIndex.agreeable)
        let nobody = ServerAddress(host: "127.0.0.1", port: 1)
        let answer = await IndexGroup(await IndexLink.open(to: [nobody], on: index.loop)).search(Bytes(ascii: "x"))
        #expect(answer.isEmpty)
        #expect(
            answer.complaints == [
                "127.0.0.1:1: cannot be reached (Connection refused): start index-server there, or give another --server"
            ])
    }

    @Test("[mission A5] a server that is down neither hides nor delays what the others know")
    func group() async throws {
        let index = try ScriptedIndex { command in
            if case .check = command { .bytes("$5\r\nEXIST\r\n") } else { ScriptedIndex.hello }
        }
        let nobody = ServerAddress(host: "127.0.0.1", port: 1)
        let links = await IndexLink.open(to: [nobody, index.server], on: index.loop)
        let answer = await IndexGroup(links).check(Bytes(ascii: "x"))
        #expect(answer.answers.map(\.server) == [index.server])
        #expect(answer.answers.map(\.value) == [true])
        #expect(answer.failures.map(\.server) == [nobody])
    }
}
