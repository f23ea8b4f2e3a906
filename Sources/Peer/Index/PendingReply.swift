package import P2PProtocol
internal import P2PRuntime

/// A command on its way and the answer that will come of it.
package struct PendingReply: Sendable {
    let command: Command
    let deadline: Moment
    let promise = Promise<Result<Reply, IndexFailure>>()

    /// The answer; an error reply is thrown.
    package var reply: Reply {
        get async throws(IndexFailure) {
            let reply = try await promise.value.get()
            if let line = reply.errorLine { throw .refused(line) }
            return reply
        }
    }
}
