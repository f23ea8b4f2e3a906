internal import P2PProtocol
internal import P2PRuntime
internal import Synchronization

/// Where people log in. Passwords are compared on threads of their own, one core less than there are, below everything
/// else that the index does; whoever guesses waits.
///
/// An unknown user and a wrong password go the same way and take the same time.
final class LoginDesk: Sendable {
    /// What a login came to.
    enum Verdict {
        case welcome(Account)
        case refused
        /// Too many are waiting, or this one has failed too often just now.
        case busy
        /// Nobody is there any more.
        case gone
    }

    let accounts: AccountBook
    private let hashers: WorkerPool
    private let nobody: PasswordHash
    private let delays: Mutex<LoginDelays>
    /// Tries of each address that are under way: a first failure slows down what comes after it, not what came along.
    private let underWay: AddressCount
    private let proven: ProvenLogins
    private let metrics: LoginMetrics
    private let limitLog: LimitLog
    private let log: Logger

    init(
        _ accounts: AccountBook, _ configuration: IndexConfiguration, _ limits: Limits, _ registry: MetricsRegistry,
        _ limitLog: LimitLog, _ log: Logger
    ) throws {
        self.accounts = accounts
        metrics = LoginMetrics(registry, accounts)
        self.limitLog = limitLog
        self.log = log
        hashers = WorkerPool(
            name: "password", threads: Process.usableProcessors - 1, capacity: limits.waitingLogins,
            isBackground: true)
        nobody = try PasswordHash.ofNobody()
        proven = try ProvenLogins()
        underWay = AddressCount(
            limit: limits.loginsPerAddress, countsLoopback: configuration.limits.countsLoopback)
        delays = Mutex(
            LoginDelays(
                unit: configuration.limits.loginDelay, countsLoopback: configuration.limits.countsLoopback))
    }

    /// On the loop of `point`, where the client may be waited for. `isRepeated` is for those who log in for each
    /// request.
    func check(_ login: Login, from client: Endpoint, at point: WaitPoint, isRepeated: Bool = false) async -> Verdict {
        if isRepeated, let account = proven.account(of: login, now: .now), isCurrent(account) {
            return .welcome(account)
        }
        if let key = DeviceKey(password: login.password) { return verdict(on: key, of: login.user, from: client) }
        guard underWay.enter(client.address) else { return busy(.waitingLogins, client) }
        defer { underWay.leave(client.address) }
        let start = delays.withLock { $0.reserve(login.user, from: client.address, now: .now) }
        guard let start else { return busy(.loginDelay, client) }
        guard await wait(until: start, at: point) else { return .gone }
        guard let verdict = await compare(login, from: client) else { return busy(.waitingLogins, client) }
        if isRepeated, case .welcome(let account) = verdict { proven.note(login, of: account, now: .now) }
        return verdict
    }

    /// Keys are compared at once: nobody guesses 256 bits, and a thousand devices may come back in the same second.
    private func verdict(on key: DeviceKey, of user: Bytes, from client: Endpoint) -> Verdict {
        guard let account = AccountName(user).flatMap({ accounts[$0] }), account.devices.contains(key.digest) else {
            return refuse(nil, client)
        }
        metrics.welcome.add(1)
        return .welcome(account)
    }

    /// Redeems an invitation; the device is in then.
    func redeem(_ request: JoinRequest, from client: Endpoint) async throws -> Verdict {
        guard let name = AccountName(request.user) else { return refuse(nil, client) }
        let code = Invitation.digest(of: request.code, for: request.user)
        do {
            try await accounts.change(
                .redeem(name, code: code, device: request.device, now: Int(WallClock.now.milliseconds / 1_000)))
        } catch is AccountFault {
            return refuse(nil, client)
        }
        guard let account = accounts[name] else { return refuse(nil, client) }
        return .welcome(account)
    }

    /// A password as it is kept, made on the threads that compare.
    func hash(_ password: Bytes) async throws -> PasswordHash {
        try await hashers.run { try PasswordHash(of: password) }
    }

    private func refuse(_ account: Account?, _ client: Endpoint) -> Verdict {
        metrics.refused.add(1)
        log.info("login.refused", ["client": client.description, "user": account?.name.bytes])
        return .refused
    }

    /// Whether the account is still what it was.
    func isCurrent(_ account: Account) -> Bool {
        guard let now = accounts[account.name] else { return false }
        return now.role == account.role && now.password == account.password
            && now.devices.isSuperset(of: account.devices)
    }

    /// nil when too many wait for that.
    private func compare(_ login: Login, from client: Endpoint) async -> Verdict? {
        let account = AccountName(login.user).flatMap { accounts[$0] }
        let hash = account?.password ?? nobody
        let password = login.password
        guard let isRight = try? await hashers.run({ hash.matches(password) }) else { return nil }
        guard isRight, let account, account.password != nil, isCurrent(account) else {
            delays.withLock { $0.noteFailure(login.user, from: client.address, now: .now) }
            return refuse(account, client)
        }
        metrics.welcome.add(1)
        if hash.cost != .current { keepAnew(password, of: account, hash) }
        return .welcome(account)
    }

    private func busy(_ limit: IndexLimit, _ client: Endpoint) -> Verdict {
        metrics.busy.add(1)
        limitLog.note(limit, by: client)
        return .busy
    }

    /// False when the client is gone meanwhile.
    private func wait(until start: Moment, at point: WaitPoint) async -> Bool {
        while Moment.now < start {
            let readiness = await point.wait(for: .shutdown, until: start)
            guard readiness.isDisjoint(with: [.shutdown, .hangUp]) else { return false }
        }
        return !point.isHungUp
    }

    /// A password that was kept in an older manner: now it is known, and can be kept in today's.
    private func keepAnew(_ password: Bytes, of account: Account, _ old: PasswordHash) {
        hashers.submit { [accounts, log] in
            guard let new = try? PasswordHash(of: password) else { return }
            Task {
                do {
                    try await accounts.change(.rehash(account.name, from: old, to: new))
                } catch {
                    log.warning("accounts.failed", ["error": "\(error)", "user": account.name.bytes])
                }
            }
        }
    }
}
