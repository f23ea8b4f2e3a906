import IndexServer
import P2PProtocol
import P2PRuntime
import TestSupport
import Testing

@Suite struct AccountBookTests {
    private let scratch: ScratchFolder
    private let storage = WorkerPool(name: "storage", threads: 1)

    init() throws { scratch = try ScratchFolder() }

    private var path: String { scratch.file("accounts.sqlite") }

    private func open() throws -> AccountBook { try AccountBook(path: Bytes(path.utf8), storage: storage) }

    private static let cheap = PasswordHash.Cost(rounds: 16, blocks: 1, lanes: 1)

    private static func name(_ text: String) throws -> AccountName { try #require(AccountName(Bytes(text.utf8))) }

    @Test("accounts are there after a restart, with their roles and passwords")
    func restart() async throws {
        let hash = try PasswordHash(of: Bytes(ascii: "swordfish"), cost: Self.cheap)
        let other = try PasswordHash(of: Bytes(ascii: "another one"), cost: Self.cheap)
        let (ann, bob, cid) = (try Self.name("ann"), try Self.name("bob"), try Self.name("cid"))
        let first = try open()
        for (name, role) in [(ann, Account.Role.admin), (bob, .member), (cid, .member)] {
            try await first.change(.add(name, role, hash))
        }
        try await first.change(.remove(cid))
        try await first.change(.setPassword(bob, other))
        try await first.change(.setRole(bob, .admin))
        let second = try open()
        #expect(second.all == first.all)
        #expect(second.all.map(\.name) == [ann, bob])
        #expect(second[ann]?.password?.matches(Bytes(ascii: "swordfish")) == true)
        #expect(second[bob] == Account(name: bob, role: .admin, password: other))
        #expect(second[cid] == nil)
    }

    @Test("what makes no sense is refused and changes nothing")
    func refusals() async throws {
        let book = try open()
        let hash = try PasswordHash(of: Bytes(ascii: "swordfish"), cost: Self.cheap)
        let ann = try Self.name("ann")
        await #expect(throws: AccountFault.unknown(ann)) { try await book.change(.remove(ann)) }
        await #expect(throws: AccountFault.unknown(ann)) { try await book.change(.setPassword(ann, hash)) }
        await #expect(throws: AccountFault.unknown(ann)) { try await book.change(.setRole(ann, .admin)) }
        try await book.change(.add(ann, .member, hash))
        await #expect(throws: AccountFault.exists(ann)) { try await book.change(.add(ann, .admin, hash)) }
        #expect(book[ann]?.role == .member)
    }

    @Test("a password kept anew does not undo one that was changed meanwhile")
    func rehash() async throws {
        let book = try open()
        let ann = try Self.name("ann")
        let hashes = try (0..<3).map { _ in try PasswordHash(of: Bytes(ascii: "swordfish"), cost: Self.cheap) }
        try await book.change(.add(ann, .member, hashes[0]))
        try await book.change(.rehash(ann, from: hashes[0], to: hashes[1]))
        #expect(book[ann]?.password == hashes[1])
        try await book.change(.rehash(ann, from: hashes[0], to: hashes[2]))
        #expect(book[ann]?.password == hashes[1])
    }

    @Test("[fault F12] a damaged file is put aside and lets nobody in")
    func damaged() async throws {
        try scratch.write("accounts.sqlite", Bytes(repeating: 0x55, count: 8_192))
        let book = try open()
        #expect(book.count == 0)
        #expect(book.setAside == Bytes((path + ".corrupt-1").utf8))
        let hash = try PasswordHash(of: Bytes(ascii: "swordfish"), cost: Self.cheap)
        try await book.change(.add(try Self.name("ann"), .member, hash))
        #expect(try open().count == 1)
    }

    @Test("an invitation makes a member, lets one device in, works once, and ends in time; removal takes all of it")
    func invitations() async throws {
        let book = try open()
        let bob = try Self.name("bob")
        let (code, device) = (SHA256.hash(Bytes(ascii: "code")), SHA256.hash(Bytes(ascii: "device")))
        func redeem(_ name: AccountName, at now: Int) async throws {
            try await book.change(.redeem(name, code: code, device: device, now: now))
        }
        try await book.change(.invite(Invitation(account: bob, digest: code, end: 100)))
        await #expect(throws: AccountFault.notInvited) { try await redeem(try Self.name("ann"), at: 10) }
        await #expect(throws: AccountFault.notInvited) { try await redeem(bob, at: 100) }
        try await redeem(bob, at: 99)
        await #expect(throws: AccountFault.notInvited) { try await redeem(bob, at: 99) }
        var joined = Account(name: bob, role: .member, password: nil)
        joined.devices = [device]
        #expect(try open()[bob] == joined)
        try await book.change(.invite(Invitation(account: bob, digest: code, end: 100)))
        try await book.change(.remove(bob))
        #expect(try open()[bob] == nil)
        await #expect(throws: AccountFault.notInvited) { try await redeem(bob, at: 10) }
        try await book.change(.invite(Invitation(account: bob, digest: code, end: 100)))
        #expect(try open()[bob]?.devices == [])
    }

    @Test("an invitation ends with the password and the role under which it was given")
    func endOfInvitations() async throws {
        let book = try open()
        let ann = try Self.name("ann")
        let (code, device) = (SHA256.hash(Bytes(ascii: "code")), SHA256.hash(Bytes(ascii: "device")))
        let hash = try PasswordHash(of: Bytes(ascii: "swordfish"), cost: Self.cheap)
        for change in [AccountChange.setPassword(ann, hash), .setRole(ann, .admin)] {
            try await book.change(.invite(Invitation(account: ann, digest: code, end: 100)))
            try await book.change(change)
            await #expect(throws: AccountFault.notInvited) {
                try await book.change(.redeem(ann, code: code, device: device, now: 10))
            }
        }
    }

    @Test("a changed password shuts out the devices that came in before; a changed role does not")
    func devices() async throws {
        let book = try open()
        let ann = try Self.name("ann")
        let (code, device) = (SHA256.hash(Bytes(ascii: "code")), SHA256.hash(Bytes(ascii: "device")))
        try await book.change(.invite(Invitation(account: ann, digest: code, end: 100)))
        try await book.change(.redeem(ann, code: code, device: device, now: 10))
        try await book.change(.setRole(ann, .admin))
        #expect(try open()[ann]?.devices == [device])
        try await book.change(.setPassword(ann, try PasswordHash(of: Bytes(ascii: "swordfish"), cost: Self.cheap)))
        #expect(try open()[ann]?.devices == [])
        #expect(book[ann]?.devices == [])
    }
}
