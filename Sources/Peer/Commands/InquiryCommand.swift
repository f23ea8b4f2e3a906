internal import P2PProtocol
internal import P2PRuntime

/// `peer search`, `check`, `list`, `browse`: a question to all servers, the answer on standard output. The running peer
/// asks it where there is one.
struct InquiryCommand {
    let configuration: PeerConfiguration
    let loop: EventLoop
    let isJSON: Bool

    func run(_ inquiry: Inquiry) async throws -> ExitCode {
        if let client = try await ControlClient.find(configuration, on: loop) {
            return finish(inquiry, try await client.ask(.inquiry(inquiry)), isSingle: client.servers.count == 1)
        }
        let servers = try configuration.requiredServers
        let group = IndexGroup(try await configuration.links(to: servers, on: loop))
        let known = if case .missing = inquiry { try configuration.knownRoots() } else { Set<Digest>() }
        let document = await inquiry.document(from: group) { known.contains($0) }
        return finish(inquiry, document, isSingle: servers.count == 1)
    }

    private func finish(_ inquiry: Inquiry, _ document: JSON, isSingle: Bool) -> ExitCode {
        for complaint in Inquiry.complaints(document) { complain(complaint) }
        let (isAnswered, isFound) = (Inquiry.isAnswered(document), inquiry.isFound(document))
        if isJSON {
            StandardOutput.write(document.encoded() + [UInt8(ascii: "\n")])
        } else if isAnswered {
            let text = inquiry.text(document, isSingle: isSingle)
            if text.isEmpty, !isFound { complain(inquiry.nothing) }
            StandardOutput.write(text)
        }
        guard isAnswered else { return .failed }
        return isFound ? .done : .notFound
    }
}

extension Inquiry {
    /// What is said where there is no answer to be shown.
    fileprivate var nothing: String {
        if case .missing = self { "everything that it shares is here, or it shares nothing" } else { "not found" }
    }
}

extension PeerConfiguration {
    /// Connections for a few questions; whoever sits there is asked for what that takes.
    func links(to servers: [ServerAddress], on loop: EventLoop) async throws -> [IndexLink] {
        let account = try account
        var links = await IndexLink.open(to: servers, on: loop, as: account)
        let dialogue = LoginDialogue(account: account, user: user)
        _ = await dialogue.run({ links }) { _ in links = await IndexLink.open(to: servers, on: loop, as: account) }
        return links
    }

    /// The servers, of which there has to be one.
    var requiredServers: [ServerAddress] {
        get throws(Misuse) {
            guard !servers.isEmpty else { throw Misuse("no server: give one with --server HOST:PORT") }
            return servers
        }
    }
}
