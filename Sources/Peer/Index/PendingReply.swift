package import P2PProtocol
package import P2PRuntime

/// A command on its way and the answer that will come of it.
package struct PendingReply: Sendable {
    let command: Command
    let deadline: Moment
    let promise = Promise<Result<Reply, IndexFailure>>()

    package init(_ command: Command, until deadline: Moment) {
        (self.command, self.deadline) = (command, deadline)
    }

    /// The answer; an error reply is thrown.
    package var reply: Reply {
        get async throws(IndexFailure) {
            let reply = try await promise.value.get()
            if let line = reply.errorLine { throw .refused(line) }
            return reply
        }
    }
}
