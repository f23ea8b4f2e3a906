/// What a device shows instead of a password: `key:` and 256 bits in hex. It cannot be guessed, so that comparing it
/// takes no scrypt.
package struct DeviceKey: Hashable, Sendable {
    private static let mark = Bytes(ascii: "key:")

    /// As it stands where a password would.
    package let password: Bytes

    /// nil for what is a password.
    package init?(password: Bytes) {
        guard password.starts(with: Self.mark), Digest(hex: password.dropFirst(Self.mark.count)) != nil else {
            return nil
        }
        self.password = password
    }

    /// A key out of 32 random bytes.
    package init?(random: Bytes) {
        self.init(password: Self.mark + Hex.encode(random))
    }

    /// What the index keeps of it.
    package var digest: Digest { SHA256.hash(password) }
}
