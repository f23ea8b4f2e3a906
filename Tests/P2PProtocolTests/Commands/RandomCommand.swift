import P2PProtocol
import TestSupport

/// Makes commands of every kind, with every option now and then.
struct RandomCommand {
    private var random: Seeded

    init(seed: UInt64) { random = Seeded(seed: seed) }

    mutating func next() -> Command {
        switch int(0...24) {
        case 0: .hello(hello())
        case 1: .auth(login())
        case 2: .ping(maybe { $0.bytes(0...50) })
        case 3: .echo(bytes(0...50))
        case 4: [.quit, .reset, .select, .peers][int(0...3)]
        case 5: .info(list(0...3) { $0.word() })
        case 6: .command(inquiry())
        case 7: .client(client())
        case 8: .config(config())
        case 9, 10: .register(registration())
        case 11: .update(.add(entries(1...20)))
        case 12: .update(.delete(list(1...10) { $0.name() }))
        case 13: .update(.got(acquisition()))
        case 14: .update(.partial(digest()))
        case 15, 16: .search(SearchRequest(query: query(), page: page(), offline: bool()))
        case 17: .sources(SourcesRequest(content: content(), page: page()))
        case 18: .check(query())
        case 19: .list(ListRequest(query: bool() ? query() : [], page: page()))
        case 20: .browse(BrowseRequest(peer: id(), folder: maybe { $0.name() }, page: page()))
        case 21: .meta(meta())
        case 22: .subscribe(list(1...4) { $0.bool() ? .peers : .search($0.bytes(0...40)) })
        case 23: .unsubscribe(list(0...4) { $0.word() })
        default: administration()
        }
    }

    // MARK: Commands

    private mutating func hello() -> Hello {
        guard bool() else { return Hello() }
        return Hello(version: bool() ? .two : .three, login: maybe { $0.login() }, name: maybe { $0.word() })
    }

    private mutating func inquiry() -> CommandInquiry {
        [.all, .count, .list, .docs(list(0...3) { $0.word() }), .info(list(0...3) { $0.word() })][int(0...4)]
    }

    private mutating func client() -> ClientRequest {
        [.id, .info, .list, .name, .setName(word()), .setLibrary(word()), .setLibraryVersion(word())][int(0...6)]
    }

    private mutating func config() -> ConfigRequest {
        guard bool() else { return .get(list(1...3) { $0.word() }) }
        return .set(list(1...3) { ConfigRequest.Setting(name: $0.word(), value: $0.bytes(0...20)) })
    }

    private mutating func registration() -> Registration {
        var registration = Registration(id: maybe { $0.id() }, host: maybe { $0.word() }, port: int(1...65_535))
        registration.name = maybe { $0.bytes(1...128) }
        registration.lease = maybe { $0.int(1...86_400) }
        registration.token = maybe { $0.digest().hex }
        registration.certificate = maybe { $0.digest() }
        registration.ownership = bool() ? .copy : .move
        registration.entries = entries(0...20)
        return registration
    }

    private mutating func acquisition() -> Acquisition {
        Acquisition(
            content: content(), giver: id(), path: maybe { $0.name() }, ownership: bool() ? .copy : .move)
    }

    private mutating func meta() -> MetaRequest {
        switch int(0...4) {
        case 0: .get(bytes(1...100))
        case 1: .delete(bytes(1...100))
        case 2: .add(fields())
        case 3: .edit(fields())
        default: .all(page())
        }
    }

    private mutating func fields() -> MetaFields {
        MetaFields(
            title: bytes(1...100),
            fields: list(1...5) { MetaFields.Field(name: $0.bytes(1...20), value: $0.bytes(0...50)) },
            stamp: maybe { MetaFields.Stamp(time: $0.int(0...Int.max), user: $0.bytes(1...20)) })
    }

    private mutating func administration() -> Command {
        switch int(0...6) {
        case 0: .user(.list)
        case 1: .user(.add(login(), isAdministrator: bool()))
        case 2: .user(.remove(word()))
        case 3: .user(.changePassword(login()))
        case 4: .user(.invite(word(), seconds: maybe { $0.int(1...1_000) }))
        case 5: .kick(id())
        default: .ticket(TicketRequest(root: maybe { $0.digest() }, giver: id()))
        }
    }

    // MARK: Parts

    private mutating func entries(_ counts: ClosedRange<Int>) -> [FileEntry] {
        let hasSizes = bool()
        return list(counts) { random in
            let name = random.name()
            guard hasSizes else { return FileEntry(name: name) }
            let size = random.int(0...Limits.standard.fileBytes)
            return FileEntry(name: name, size: size, root: random.maybe { $0.digest() })
        }
    }

    private mutating func content() -> ContentReference { bool() ? .root(digest()) : .name(name()) }

    private mutating func login() -> Login { Login(user: bytes(1...30), password: bytes(0...60)) }

    private mutating func page() -> Page {
        Page(limit: int(1...1_000), cursor: maybe { Bytes(ascii: "c") + $0.word() })
    }

    /// Anything but what would be read as a trailing clause: a space keeps it one argument that is none.
    private mutating func query() -> Bytes { Bytes(ascii: "q ") + bytes(0...60) }

    private mutating func name() -> Name {
        while true {
            if let name = Name(validating: bytes(1...60)) { return name }
        }
    }

    private mutating func digest() -> Digest {
        Digest(words: (random.next(), random.next(), random.next(), random.next()))
    }

    private mutating func id() -> Int { int(1...Int.max) }
    private mutating func bool() -> Bool { Bool.random(using: &random) }
    private mutating func int(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

    private mutating func bytes(_ counts: ClosedRange<Int>) -> Bytes {
        list(counts) { $0.int(0...4) == 0 ? UInt8($0.int(0...255)) : UInt8($0.int(0x20...0x7E)) }
    }

    /// Visible ASCII.
    private mutating func word() -> Bytes { list(1...20) { UInt8($0.int(0x2B...0x7E)) } }

    private mutating func maybe<Value>(_ make: (inout RandomCommand) -> Value) -> Value? {
        bool() ? make(&self) : nil
    }

    private mutating func list<Value>(
        _ counts: ClosedRange<Int>, _ make: (inout RandomCommand) -> Value
    ) -> [Value] {
        (0..<int(counts)).map { _ in make(&self) }
    }
}
