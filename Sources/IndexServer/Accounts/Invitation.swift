package import P2PProtocol
internal import P2PRuntime

/// A code by which a device can be let in, once. Only its digest is kept.
package struct Invitation: Sendable, Equatable {
    /// For how long one is good where nothing else is said.
    package static let usualSeconds = 7 * 86_400
    private static let codeBytes = 16

    package let account: AccountName
    package let digest: Digest
    /// Seconds since 1970.
    package let end: Int

    package init(account: AccountName, digest: Digest, end: Int) {
        (self.account, self.digest, self.end) = (account, digest, end)
    }

    /// A new one and its code, which is seen this once.
    static func make(for account: AccountName, seconds: Int) throws(SystemError) -> (Invitation, code: Bytes) {
        let code = Hex.encode(try RandomBytes.make(codeBytes))
        let end = Int(WallClock.now.milliseconds / 1_000) + seconds
        return (Invitation(account: account, digest: digest(of: code, for: account.bytes), end: end), code)
    }

    /// What is kept of a code for this account.
    package static func digest(of code: Bytes, for account: Bytes) -> Digest {
        SHA256.hash(account + [0] + code)
    }
}
