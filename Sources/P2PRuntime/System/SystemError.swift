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

    /// Something of that name is there already.
    package var isExisting: Bool { code == EEXIST }
    /// Nothing of that name is there.
    package var isMissing: Bool { code == ENOENT || code == ENOTDIR }
    /// Somebody listens there already.
    package var isAddressInUse: Bool { code == EADDRINUSE }
    package var isPermissionDenied: Bool { code == EACCES || code == EPERM }
    /// The file system takes only shorter names.
    package var isNameTooLong: Bool { code == ENAMETOOLONG }
    /// The disk or the quota is full.
    package var isOutOfSpace: Bool { code == ENOSPC || code == EDQUOT }

    /// The kernel's own words for the code.
    package var reason: String { String(cString: strerror(code)) }

    package var description: String {
        subject.isEmpty ? "\(call): \(reason)" : "\(call) \(subject): \(reason)"
    }
}
