/// The two versions of the Redis protocol. Connections begin with the second.
package enum RESPVersion: Int, Sendable {
    case two = 2
    case three = 3
}
