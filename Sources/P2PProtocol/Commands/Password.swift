/// What a person types to come in: bytes, compared as they are. No form of Unicode is made of another, nothing is cut.
package enum Password {
    /// So many bytes.
    package static let lengths = 8...1_024

    /// Why a new password is not taken; nil for a good one.
    package static func fault(in password: Bytes) -> String? {
        guard lengths.contains(password.count) else {
            return "a password has \(lengths.lowerBound) to \(lengths.upperBound) bytes"
        }
        // A terminal and a file have no way to say where it ends.
        guard !password.contains(0) else { return "a password has no NUL in it" }
        guard DeviceKey(password: password) == nil else { return "this is the key of a device" }
        return nil
    }
}
