/// Limits that many parsers are held to: a connection that waits keeps a reference, not a copy of all the numbers.
package final class SharedLimits: Sendable {
    package let values: Limits

    package init(_ values: Limits) { self.values = values }
}
