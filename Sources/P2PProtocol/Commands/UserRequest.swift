/// `USER …`: accounts, for administrators.
package enum UserRequest: Hashable, Sendable {
    /// `LIST`
    case list
    /// `ADD name password [ADMIN]`
    case add(Login, isAdministrator: Bool)
    /// `REMOVE name`
    case remove(Bytes)
    /// `PASSWD name password`
    case changePassword(Login)
    /// `ROLE name admin|member`
    case changeRole(Bytes, isAdministrator: Bool)
    /// `INVITE name [EXPIRES seconds]`: a one-time code.
    case invite(Bytes, seconds: Int?)

    /// Seconds for which a code may be good: a year.
    package static let longestInvitation = 365 * 86_400

    init(reading reader: inout CommandReader) throws(WireError) {
        switch reader.keyword() {
        case "LIST":
            reader.enter("USER LIST")
            self = .list
        case "ADD":
            reader.enter("USER ADD")
            let login = try Login(reading: &reader)
            self = .add(login, isAdministrator: reader.take("ADMIN"))
        case "REMOVE":
            reader.enter("USER REMOVE")
            self = .remove(try reader.bytes("name", upTo: reader.limits.labelBytes))
        case "PASSWD":
            reader.enter("USER PASSWD")
            self = .changePassword(try Login(reading: &reader))
        case "INVITE":
            reader.enter("USER INVITE")
            let name = try reader.bytes("name", upTo: reader.limits.labelBytes)
            let seconds = reader.take("EXPIRES") ? try reader.number("EXPIRES", in: 1...Self.longestInvitation) : nil
            self = .invite(name, seconds: seconds)
        case "ROLE":
            reader.enter("USER ROLE")
            let name = try reader.bytes("name", upTo: reader.limits.labelBytes)
            switch reader.keyword() {
            case "ADMIN": self = .changeRole(name, isAdministrator: true)
            case "MEMBER": self = .changeRole(name, isAdministrator: false)
            default: throw reader.fault("the role is neither admin nor member")
            }
        default:
            throw reader.fault("neither LIST, ADD, REMOVE, PASSWD, ROLE nor INVITE follows")
        }
        try reader.finish()
    }

    var words: [Bytes] {
        let verb = Bytes(ascii: "USER")
        return switch self {
        case .list: [verb, Bytes(ascii: "LIST")]
        case .add(let login, let isAdministrator):
            [verb, Bytes(ascii: "ADD"), login.user, login.password] + (isAdministrator ? [Bytes(ascii: "ADMIN")] : [])
        case .remove(let name): [verb, Bytes(ascii: "REMOVE"), name]
        case .changePassword(let login): [verb, Bytes(ascii: "PASSWD"), login.user, login.password]
        case .changeRole(let name, let isAdministrator):
            [verb, Bytes(ascii: "ROLE"), name, isAdministrator ? Bytes(ascii: "admin") : Bytes(ascii: "member")]
        case .invite(let name, let seconds):
            [verb, Bytes(ascii: "INVITE"), name]
                + (seconds.map { [Bytes(ascii: "EXPIRES"), Bytes(decimal: $0)] } ?? [])
        }
    }
}
