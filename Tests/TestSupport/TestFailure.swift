/// What went wrong in a test's own machinery, with what the processes said.
package struct TestFailure: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
