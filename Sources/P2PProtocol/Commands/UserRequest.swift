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
    /// `INVITE name`: a one-time code.
    case invite(Bytes)

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
            self = .invite(try reader.bytes("name", upTo: reader.limits.labelBytes))
        default:
            throw reader.fault("neither LIST, ADD, REMOVE, PASSWD nor INVITE follows")
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
        case .invite(let name): [verb, Bytes(ascii: "INVITE"), name]
        }
    }
}
