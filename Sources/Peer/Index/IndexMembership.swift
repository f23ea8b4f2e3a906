package import P2PProtocol
package import P2PRuntime
internal import Synchronization

/// Keeps this peer registered at one index for as long as it runs: connects, registers under its old id, renews its
/// lease, tells what it shares, and begins again, more and more patiently, when the connection is lost.
package final class IndexMembership: Sendable {
    /// What happens to a membership, for whoever tells the user.
    package enum Event: Sendable {
        /// Before anything is told about the library. `remote` is the index's address.
        case registered(IndexRegistration, remote: Endpoint)
        /// It cannot be had at the moment; the first of a row only.
        case lost(IndexFailure)
        /// The index has tried to reach us: others will not be sent here.
        case notReachable(IndexRegistration)
        /// We have said goodbye.
        case left(IndexRegistration)
    }

    /// A registration and the connection that it lives on.
    package struct Standing: Sendable {
        package let registration: IndexRegistration
        package let connection: IndexConnection
    }

    /// Before a login that was refused is tried again.
    private static let loginPause: Duration = .seconds(300)

    private enum State {
        case connecting(last: IndexFailure?)
        case registered(Standing)
        case left
    }

    package let server: ServerAddress
    let library: Library?
    let advertisement: Advertisement
    let log: Logger
    private let credentials: IndexCredentials
    private let account: IndexAccount?
    private let loop: EventLoop
    let tell: @Sendable (Event) -> Void
    /// Hears what the index says unasked.
    private let hear: @Sendable (Reply) -> Void
    private let state = Mutex(State.connecting(last: nil))
    private let tried = Promise<Void>()

    /// A membership that `run` brings to life. Without a library nothing is listed.
    package init(
        at server: ServerAddress, as advertisement: Advertisement, sharing library: Library?,
        credentials: IndexCredentials, account: IndexAccount? = nil, on loop: EventLoop, log: Logger,
        hear: @escaping @Sendable (Reply) -> Void = { _ in }, tell: @escaping @Sendable (Event) -> Void
    ) {
        (self.server, self.advertisement, self.library) = (server, advertisement, library)
        (self.credentials, self.loop, self.log, self.tell) = (credentials, loop, log, tell)
        self.account = account
        self.hear = hear
    }

    /// The connection to ask over, or why there is none.
    package var link: IndexLink {
        state.withLock { state in
            switch state {
            case .registered(let standing): IndexLink(server, .success(standing.connection))
            case .connecting(let last): IndexLink(server, .failure(last ?? .unreachable("not connected yet")))
            case .left: IndexLink(server, .failure(.left))
            }
        }
    }

    /// The registration as it stands; nil while there is none.
    package var standing: Standing? {
        state.withLock { if case .registered(let standing) = $0 { standing } else { nil } }
    }

    /// Waits for the first attempt to succeed or to fail.
    package func firstAttempt() async {
        await tried.value
    }

    /// Stays registered until the task is cancelled or `leave` is called.
    package func run() async {
        var patience = Backoff()
        var chance = SystemRandomNumberGenerator()
        while !Task.isCancelled, !hasLeft {
            let login = account?.login(for: server)
            do throws(IndexFailure) {
                let standing = try await join()
                patience.reset()
                tried.keep(())
                note(await stay(standing))
            } catch {
                note(error)
                tried.keep(())
                if error.isWrongLogin, let login {
                    account?.note(refused: login, by: server)
                    await waitForLogin(other: login)
                }
            }
            tried.keep(())
            guard !hasLeft, (try? await Task.sleep(for: patience.next(using: &chance))) != nil else { return }
        }
    }

    /// Says goodbye to the index: the entry there is gone when this returns.
    package func leave() async {
        let standing = state.withLock { state -> Standing? in
            defer { state = .left }
            return if case .registered(let standing) = state { standing } else { nil }
        }
        guard let standing else { return }
        await standing.connection.quit()
        log.notice("index.left", ["server": server.description, "id": standing.registration.id])
        tell(.left(standing.registration))
    }

    // MARK: -

    /// Who has shown a wrong password does not show it again and again, which would look like guessing: another one
    /// may come, or the account.
    private func waitForLogin(other refused: Login?) async {
        let end = Moment.now + Self.loginPause
        while Moment.now < end, !hasLeft, account?.login(for: server) == refused {
            guard (try? await Task.sleep(for: .seconds(1))) != nil else { return }
        }
    }

    private var hasLeft: Bool {
        state.withLock { if case .left = $0 { true } else { false } }
    }

    private func join() async throws(IndexFailure) -> Standing {
        let connection = try await IndexConnection.open(to: server, on: loop, as: account, pushed: hear)
        do throws(IndexFailure) {
            let registration = try await register(over: connection)
            let standing = Standing(registration: registration, connection: connection)
            let remote = try await connection.remote
            let hasLeft = state.withLock { state -> Bool in
                if case .left = state { return true }
                state = .registered(standing)
                return false
            }
            guard !hasLeft else { throw .left }
            log.notice("index.registered", ["server": server.description, "id": registration.id])
            tell(.registered(registration, remote: remote))
            // Who gives to members only has to hear who is one no more.
            if registration.key != nil { _ = try await connection.ask(.subscribe([.revoked])) }
            return standing
        } catch {
            connection.close()
            throw error
        }
    }

    /// Under the old id where there is one that the index still knows.
    private func register(over connection: IndexConnection) async throws(IndexFailure) -> IndexRegistration {
        let credential = credentials[server]
        var registration: IndexRegistration
        do throws(IndexFailure) {
            registration = try await connection.register(advertisement.registration(as: credential))
        } catch  where credential != nil && error.meansUnknownIdentity {
            log.warning("index.identity_refused", ["server": server.description, "reason": error])
            registration = try await connection.register(advertisement.registration(as: nil))
        }
        do throws(SystemError) {
            try credentials.keep(.init(id: registration.id, token: registration.token), for: server)
        } catch {
            log.warning("index.identity_not_kept", ["server": server.description, "reason": error])
        }
        return registration
    }

    /// Does what a registered peer does until the connection ends; returns why.
    private func stay(_ standing: Standing) async -> IndexFailure {
        await withTaskCancellationHandler {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.renew(standing) }
                group.addTask { await self.listFiles(standing) }
                let end = await standing.connection.end
                group.cancelAll()
                return end
            }
        } onCancel: {
            standing.connection.close()
        }
    }

    /// Any traffic renews a lease; this is what there is when there is no other.
    private func renew(_ standing: Standing) async {
        while (try? await Task.sleep(for: advertisement.lease / 3)) != nil {
            guard (try? await standing.connection.ping()) != nil else { return standing.connection.close() }
        }
    }

    private func note(_ failure: IndexFailure) {
        let isNews = state.withLock { state -> Bool in
            if case .left = state { return false }
            defer { state = .connecting(last: failure) }
            return if case .connecting(_?) = state { false } else { true }
        }
        log.log(isNews ? .warning : .debug, "index.lost", ["server": server.description, "reason": failure])
        if isNews { tell(.lost(failure)) }
    }
}
