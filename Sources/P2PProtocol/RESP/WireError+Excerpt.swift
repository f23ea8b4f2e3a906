extension WireError {
    /// Bytes from a stranger as they may stand in an error: printable ASCII, the rest as `\xHH`, cut to `limit` bytes.
    static func excerpt(of bytes: some Collection<UInt8>, limit: Int = 128) -> String {
        var text = Bytes()
        for byte in bytes.prefix(limit) {
            if byte >= 0x20, byte < 0x7F {
                text.append(byte)
            } else {
                text += Bytes(ascii: "\\x") + Hex.encode(CollectionOfOne(byte))
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
