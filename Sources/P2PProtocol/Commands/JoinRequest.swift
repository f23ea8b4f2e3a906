/// `JOIN name code key-digest`: redeems an invitation. The key is the device's own; the index only ever sees its digest.
package struct JoinRequest: Hashable, Sendable {
    package let user: Bytes
    package let code: Bytes
    /// The SHA-256 of the key.
    package let device: Digest

    package init(user: Bytes, code: Bytes, device: Digest) {
        (self.user, self.code, self.device) = (user, code, device)
    }

    init(reading reader: inout CommandReader) throws(WireError) {
        user = try reader.bytes("name", upTo: reader.limits.labelBytes)
        code = try reader.bytes("code", upTo: reader.limits.tokenBytes)
        device = try reader.digest("key")
        try reader.finish()
    }

    var words: [Bytes] { [Bytes(ascii: "JOIN"), user, code, device.hex] }
}
