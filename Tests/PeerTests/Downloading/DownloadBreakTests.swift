import Glibc
import P2PProtocol
import P2PRuntime
import Peer
import Synchronization
import TestSupport
import Testing

/// A giver whose connection breaks.
@Suite struct DownloadBreakTests {
    /// How a connection ends.
    enum End: CaseIterable {
        case closed, reset
    }

    /// One giver. The first connection of each download ends after so many bytes, the later ones go on.
    private final class Scene: Sendable {
        let content: Bytes
        let root: Digest
        let giver: ServingFixture
        let group: LoopGroup
        let scratch: ScratchFolder
        let disk = WorkerPool(name: "disk", threads: 2)

        init(_ content: Bytes) async throws {
            self.content = content
            root = content.contentRoot
            group = try LoopGroup(count: 2)
            scratch = try ScratchFolder()
            giver = try ServingFixture()
            try await giver.share(["song": content])
        }

        deinit {
            group.stop()
            disk.close()
        }

        /// Everything that one connection carries to the taker when nothing breaks, but the content.
        func talk() async throws -> Int {
            let answers = [PeerRoute.pieces(root), .content(root, name: nil)]
            let sizes = try await answers.asyncMap {
                try await self.answer(RequestHead(.get, $0.target, host: [])).count
            }
            return (PieceGeometry.pieceBytes < content.count ? sizes[0] : 0) + sizes[1] - content.count
        }

        func answer(_ head: RequestHead) async throws -> Bytes {
            let answer = ServedAnswer(await giver.service.answer(HTTPRequest(head: head, remote: ServingFixture.asker)))
            return answer.response.head.bytes + (try answer.body())
        }

        /// Downloads from a giver whose first connection ends after `cut` bytes; how many bytes of answers came in all.
        func download(cut: Int, _ end: End) async throws -> Int {
            let listener = try Listener(on: Endpoint(address: .loopback, port: 0), group: group)
            let (connections, sent) = (Count(), Count())
            listener.serve { [self] stream in
                let isFirst = connections.add(1) == 1
                await serve(stream, atMost: isFirst ? cut : .max, end, sent)
            }
            let folder = scratch.folder("\(cut) \(end)")
            let download = Download(
                root: root, size: content.count, localName: Bytes(ascii: "song"),
                folder: try RootedFolder(Bytes(folder.utf8)), disk: disk
            ) { _ in }
            let (source, loop) = (DownloadSource(id: 1, endpoint: listener.endpoint), group.next())
            _ = try await Task(executorPreference: loop) { try await download.run(from: [source], on: loop) }.value
            #expect(ScratchFolder.read("\(folder)/song") == content, "cut after \(cut)")
            #expect(ScratchFolder.list(folder) == ["song"])
            unlink("\(folder)/song")
            withExtendedLifetime(listener) {}
            return sent.value
        }

        private func serve(_ stream: Stream, atMost limit: Int, _ end: End, _ sent: Count) async {
            var (pending, parser, left) = (Bytes(), RequestHeadParser(), limit)
            while left > 0 {
                let bytes = pending
                guard case .head(let head, let consumed) = parser.next(in: bytes.span) else {
                    let scratch = stream.loop.scratch.input
                    guard let count = try? await stream.read(into: scratch, until: .now + .seconds(20)), count > 0
                    else {
                        return stream.close()
                    }
                    pending += scratch[..<count]
                    continue
                }
                pending.removeFirst(consumed)
                guard let answer = try? await answer(head) else { break }
                let part = Bytes(answer.prefix(left))
                left -= part.count
                sent.add(part.count)
                do { try await stream.write(part, until: .now + .seconds(20)) } catch { break }
            }
            if end == .reset { stream.abort() } else { stream.close() }
        }
    }

    private final class Count: Sendable {
        private let sum = Atomic(0)

        @discardableResult
        func add(_ count: Int) -> Int { sum.wrappingAdd(count, ordering: .relaxed).newValue }
        var value: Int { sum.load(ordering: .relaxed) }
    }

    /// Downloads with each of these cuts, many at a time.
    private static func downloads(_ content: Bytes, cuts: (_ talk: Int) -> [Int], _ end: End) async throws {
        let scene = try await Scene(content)
        let talk = try await scene.talk()
        var cuts = cuts(talk)[...]
        try await withThrowingTaskGroup(of: Void.self) { group in
            func begin() {
                guard let cut = cuts.popFirst() else { return }
                group.addTask {
                    let sent = try await scene.download(cut: cut, end)
                    // The piece under way comes again; after a reset, also what the kernel has thrown away.
                    let lost = end == .closed ? min(cut, PieceGeometry.pieceBytes) : cut
                    #expect(sent <= content.count + lost + 4 * talk, "cut after \(cut): \(sent) bytes")
                }
            }
            for _ in 0..<64 { begin() }
            while try await group.next() != nil { begin() }
        }
    }

    @Test(
        "[fault F26] a giver that breaks off at any byte of a small file costs what was under way",
        arguments: End.allCases)
    func small(end: End) async throws {
        try await Self.downloads(noise(100, seed: 1), cuts: { Array(0...$0 + 100) }, end)
    }

    @Test(
        "[fault F26] a giver that breaks off at any byte of what it says, and all along a file, costs what was under way",
        arguments: End.allCases)
    func pieces(end: End) async throws {
        let size = (1 << 20) + 5
        // A megabyte each: every seventh byte, unless there is time.
        let step = Tool.isLongRun ? 1 : 7
        try await Self.downloads(
            noise(size, seed: 2),
            cuts: { talk in
                let along = stride(from: talk, to: talk + size, by: 199_999)
                let edges = [talk, talk + (1 << 20), talk + size].flatMap { [$0 - 1, $0, $0 + 1] }
                return Set(Array(stride(from: 0, to: talk, by: step)) + along + edges).sorted()
            }, end)
    }
}

extension Array {
    fileprivate func asyncMap<Value>(_ body: (Element) async throws -> Value) async rethrows -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await body(element)) }
        return values
    }
}
