/// The one line that a new member is given: where the index is, what it must prove itself with, and the code.
/// `rookery-join:HOST:PORT/FINGERPRINT/NAME/CODE`, the fingerprint empty for an index that is not asked to prove itself.
package struct JoinLine: Hashable, Sendable {
    private static let scheme = Bytes(ascii: "rookery-join:")

    /// `HOST:PORT`.
    package let server: Bytes
    /// The SHA-256 of the index's certificate.
    package let fingerprint: Digest?
    package let user: AccountName
    package let code: Bytes

    package init(server: Bytes, fingerprint: Digest?, user: AccountName, code: Bytes) {
        (self.server, self.fingerprint, self.user, self.code) = (server, fingerprint, user, code)
    }

    /// nil for what is no such line.
    package init?(_ text: Bytes) {
        guard text.count <= 1_024, text.starts(with: Self.scheme) else { return nil }
        let parts = text.dropFirst(Self.scheme.count).split(
            separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.count == 4, !parts[0].isEmpty, let user = AccountName(Bytes(parts[2])), !parts[3].isEmpty,
            parts[3].allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { return nil }
        if parts[1].isEmpty {
            fingerprint = nil
        } else {
            guard let digest = Digest(hex: parts[1]) else { return nil }
            fingerprint = digest
        }
        (server, self.user, code) = (Bytes(parts[0]), user, Bytes(parts[3]))
    }

    /// The line.
    package var text: Bytes {
        let slash = [UInt8(ascii: "/")]
        return Self.scheme + server + slash + (fingerprint?.hex ?? []) + slash + user.bytes + slash + code
    }
}
