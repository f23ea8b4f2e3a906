internal import P2PProtocol
internal import P2PRuntime

extension PeerApplication {
    /// The address at which a player on this machine finds a content.
    func url(for playback: Playback) throws -> Bytes {
        try playbacks.url(for: playback) {
            let listener = try Listener(on: Endpoint(address: .loopback, port: 0), group: group)
            let service = PlaybackService(
                desk: playbacks, library: library, unfinished: fetcher.unfinished, disk: disk)
            let server = HTTPServer(disk: disk, service: service.answer)
            let crowd = Crowd(limit: 64)
            listener.serve { stream in
                guard crowd.enter() else { return }
                await server.serve(stream)
                crowd.leave()
            }
            return listener.endpoint
        }
    }

    /// Plays what the order is about: from the library where it lies there, otherwise through the queue. With the
    /// number of the transfer, where there is one.
    func play(_ order: TransferOrder) async throws -> (url: Bytes, transfer: Int?) {
        if let entry = library.entries(of: order.root).first {
            let path = library.path(of: entry)
            return (try url(for: Playback(order) { .here(path) }), nil)
        }
        guard let transfers else { throw PeerFailure("this peer has no queue") }
        // Before the download begins, so that it begins there.
        fetcher.unfinished.position(of: order.root).byte = 0
        guard let number = try await transfers.add([order]).first?.number else {
            throw PeerFailure("the queue is full: \(TransferQueue.most) transfers wait in it")
        }
        let url = try url(for: Playback(order) { Playback.Whereabouts(transfers[number]) })
        return (url, number)
    }
}

extension Playback {
    init(_ order: TransferOrder, whereabouts: @escaping @Sendable () -> Whereabouts) {
        self.init(root: order.root, size: order.size, name: order.name, whereabouts: whereabouts)
    }
}

extension Playback.Whereabouts {
    /// Of one that comes through the queue; nil is one that was cancelled and forgotten.
    init(_ transfer: Transfer?) {
        switch transfer?.state {
        case .done(let path, _)?: self = .here(path)
        case .settling(let debt, _, _)?: self = .here(debt.path)
        case .queued?, .running?, .paused?, .waiting?: self = .coming
        case .cancelled?, .failed?, nil: self = .lost
        }
    }
}
