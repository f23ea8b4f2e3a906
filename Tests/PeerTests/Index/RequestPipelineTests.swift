import P2PProtocol
import P2PRuntime
import Peer
import Testing

@Suite struct RequestPipelineTests {
    private static let replies = "+PONG\r\n>2\r\n+found\r\n+x\r\n:7\r\n-ERR no such thing\r\n*2\r\n$1\r\na\r\n_\r\n"

    private func asked(_ count: Int) -> (RequestPipeline, [PendingReply]) {
        var pipeline = RequestPipeline()
        let requests = (0..<count).map { _ in PendingReply(.ping(nil), until: .distantFuture) }
        for request in requests { pipeline.add(request, at: .now) }
        return (pipeline, requests)
    }

    private func take(_ text: some Sequence<UInt8>, _ pipeline: inout RequestPipeline) throws -> [Reply] {
        try Bytes(text).withUnsafeBytes { (bytes) throws(IndexFailure) in try pipeline.take(bytes) }
    }

    @Test("answers come to their askers in order, pushes apart, wherever the bytes are cut")
    func splits() async throws {
        let bytes = Bytes(Self.replies.utf8)
        for cut in 0...bytes.count {
            var (pipeline, requests) = asked(4)
            let pushes = try take(bytes[..<cut], &pipeline) + take(bytes[cut...], &pipeline)
            #expect(pushes == [.push([.simple(Bytes(ascii: "found")), .simple(Bytes(ascii: "x"))])])
            #expect(try await requests[0].reply == .simple(Bytes(ascii: "PONG")))
            #expect(try await requests[1].reply == .integer(7))
            await #expect(throws: IndexFailure.refused(Bytes(ascii: "ERR no such thing"))) {
                _ = try await requests[2].reply
            }
            #expect(try await requests[3].reply == .array([.bulk(Bytes(ascii: "a")), .null]))
        }
    }

    @Test("one byte at a time, too")
    func trickle() async throws {
        var (pipeline, requests) = asked(4)
        for byte in Self.replies.utf8 { _ = try take([byte], &pipeline) }
        #expect(try await requests[3].reply == .array([.bulk(Bytes(ascii: "a")), .null]))
    }

    @Test(
        "what is out of turn ends the connection, and an error says why",
        arguments: [
            ("+OK\r\n", IndexFailure.garbled("an answer that nobody asked for")),
            ("-ERR taken over\r\n", .refused(Bytes(ascii: "ERR taken over"))),
        ])
    func unasked(text: String, failure: IndexFailure) throws {
        var pipeline = RequestPipeline()
        #expect(throws: failure) { _ = try take(text.utf8, &pipeline) }
    }

    @Test(
        "bytes that are no reply end the connection",
        arguments: ["HTTP/1.1 400\r\n", "\u{0}", "*9999999999999999999\r\n"])
    func garbled(text: String) throws {
        var (pipeline, _) = asked(1)
        #expect {
            _ = try take(text.utf8, &pipeline)
        } throws: { error in
            if case IndexFailure.garbled = error { true } else { false }
        }
    }

    @Test("an answer that is late is not given to the next asker")
    func expired() async throws {
        var pipeline = RequestPipeline()
        let start = Moment.now
        let hasty = PendingReply(.ping(nil), until: start + .seconds(1))
        let patient = PendingReply(.ping(nil), until: start + .seconds(20))
        pipeline.add(hasty, at: start)
        pipeline.add(patient, at: start)
        #expect(pipeline.nextDeadline == start + .seconds(1))
        try pipeline.expire(at: start + .seconds(2))
        #expect(pipeline.nextDeadline == start + .seconds(20))
        _ = try take(":1\r\n:2\r\n".utf8, &pipeline)
        await #expect(throws: IndexFailure.timedOut) { _ = try await hasty.reply }
        #expect(try await patient.reply == .integer(2))
    }

    @Test("an index that stays silent is given up, and everybody who waits is told")
    func silent() async throws {
        var (pipeline, requests) = asked(2)
        #expect(throws: IndexFailure.timedOut) { try pipeline.expire(at: .now + RequestPipeline.silence + .seconds(1)) }
        pipeline.fail(.closed)
        for request in requests {
            await #expect(throws: IndexFailure.closed) { _ = try await request.reply }
        }
    }
}
