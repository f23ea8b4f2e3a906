import P2PProtocol
import P2PRuntime
import Peer
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct IndexMembershipTests {
    private static let advertisement = Advertisement(
        port: 9_001, name: Bytes(ascii: "box"), lease: .seconds(30), ownership: .copy)

    private func membership(
        at index: ScriptedIndex, sharing library: Library? = nil, credentials: IndexCredentials = .init(path: nil)
    ) -> IndexMembership {
        IndexMembership(
            at: index.server, as: Self.advertisement, sharing: library, credentials: credentials, on: index.loop,
            log: .silent
        ) { _ in }
    }

    private func registrations(_ commands: [Command]) -> [Registration] {
        commands.compactMap { if case .register(let registration) = $0 { registration } else { nil } }
    }

    private func updates(_ commands: [Command]) -> [Update] {
        commands.compactMap { if case .update(let update) = $0 { update } else { nil } }
    }

    @Test("[mission N2] a peer registers its port, its name and a lease, and learns its id")
    func registers() async throws {
        let index = try ScriptedIndex(ScriptedIndex.agreeable)
        let membership = membership(at: index)
        let task = Task { await membership.run() }
        await membership.firstAttempt()
        #expect(membership.standing?.registration.id == 5)
        let registration = try #require(registrations(index.commands).first)
        #expect(registration.id == nil)
        #expect(registration.port == 9_001)
        #expect(registration.name == Bytes(ascii: "box"))
        #expect(registration.lease == 30)
        task.cancel()
        await task.value
    }

    @Test("a peer comes back under its old id, and takes a new one when the index knows it no more")
    func identity() async throws {
        let scratch = try ScratchFolder()
        let path = Bytes(scratch.file("indexes.json").utf8)
        let index = try ScriptedIndex { command in
            guard case .register(let registration) = command else { return ScriptedIndex.agreeable(command) }
            return registration.id == nil
                ? ScriptedIndex.registered(8, token: "new") : .bytes("-NOPERM REG: that is not the token of id 3\r\n")
        }
        try IndexCredentials(path: path).keep(.init(id: 3, token: Bytes(ascii: "old")), for: index.server)
        let membership = membership(at: index, credentials: IndexCredentials(path: path))
        let task = Task { await membership.run() }
        await membership.firstAttempt()
        #expect(registrations(index.commands).map(\.id) == [3, nil])
        #expect(registrations(index.commands).first?.token == Bytes(ascii: "old"))
        #expect(IndexCredentials(path: path)[index.server] == .init(id: 8, token: Bytes(ascii: "new")))
        await membership.leave()
        await task.value
    }

    @Test("the library is told, and what changes in it")
    func lists() async throws {
        let fixture = try LibraryFixture()
        try fixture.write("a", "one")
        _ = fixture.library.rescan()
        let index = try ScriptedIndex(ScriptedIndex.agreeable)
        let membership = membership(at: index, sharing: fixture.library)
        let task = Task { await membership.run() }
        let entry = try FileEntry(name: name("a"), size: 3, root: nil)
        #expect(await index.wait { updates($0).contains(.add([entry])) })
        _ = try await fixture.hasher.run()
        let hashed = try FileEntry(name: name("a"), size: 3, root: root(of: "one"))
        #expect(await index.wait { updates($0).contains(.add([hashed])) })
        let listed = try #require(fixture.library.entry(named: name("a")))
        fixture.library.remove(listed)
        let gone = try Update.delete([name("a")])
        #expect(await index.wait { updates($0).contains(gone) })
        await membership.leave()
        await task.value
    }

    @Test("[fault F32] a lost connection is taken up again under the same id, and everything is told again")
    func reconnects() async throws {
        let fixture = try LibraryFixture()
        try fixture.write("a", "one")
        _ = fixture.library.rescan()
        let index = try ScriptedIndex(ScriptedIndex.agreeable)
        let membership = membership(at: index, sharing: fixture.library)
        let task = Task { await membership.run() }
        #expect(await index.wait { updates($0).count == 1 })
        membership.standing?.connection.close()
        #expect(await index.wait { updates($0).count == 2 })
        #expect(registrations(index.commands).map(\.id) == [nil, 5])
        await membership.leave()
        await task.value
    }

    @Test("[mission N5] leaving says QUIT, and does not come back")
    func leaves() async throws {
        let index = try ScriptedIndex(ScriptedIndex.agreeable)
        let membership = membership(at: index)
        let task = Task { await membership.run() }
        await membership.firstAttempt()
        await membership.leave()
        await task.value
        #expect(index.commands.last == .quit)
        #expect(membership.standing == nil)
        #expect(registrations(index.commands).count == 1)
    }

    @Test("attempts become rarer, up to half a minute, begin anew after a success, and do not come in step")
    func backoff() {
        var backoff = Backoff()
        var chance = Seeded(seed: 7)
        for step in [0.5, 1, 2, 4, 8, 16, 30, 30, 30] {
            let wait = backoff.next(using: &chance).inSeconds
            #expect(wait >= step * 0.66 && wait <= step)
        }
        backoff.reset()
        #expect(backoff.next(using: &chance) <= .milliseconds(500))
    }
}
