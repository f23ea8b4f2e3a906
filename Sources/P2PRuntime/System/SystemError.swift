internal import Glibc

/// A system call that failed: which one, on what, and why.
package struct SystemError: Error, Equatable, Sendable, CustomStringConvertible {
    package let call: String
    package let code: Int32
    /// The file, address or option it was about; empty when the call says it all.
    package let subject: String

    package init(_ call: String, _ code: Int32, on subject: String = "") {
        self.call = call
        self.code = code
        self.subject = subject
    }

    /// The kernel's own words for the code.
    package var reason: String { String(cString: strerror(code)) }

    package var description: String {
        subject.isEmpty ? "\(call): \(reason)" : "\(call) \(subject): \(reason)"
    }
}
