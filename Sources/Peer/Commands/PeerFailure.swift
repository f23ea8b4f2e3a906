/// Why the peer cannot do what it was told: one line for a person.
package struct PeerFailure: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
