/// `host[:port]` as it stands in Host fields and absolute targets. User names never belong there.
enum Authority {
    /// An empty one is valid: Host may be empty where a target has no authority.
    static func isValid(_ text: some BidirectionalCollection<UInt8>) -> Bool {
        let port = text.reversed().prefix(while: HTTPGrammar.isDigit)
        let rest = text.dropLast(port.count)
        guard rest.last == UInt8(ascii: ":") else { return isHost(text) }
        return port.count <= 5 && isHost(rest.dropLast())
    }

    private static func isHost(_ text: some BidirectionalCollection<UInt8>) -> Bool {
        guard text.first == UInt8(ascii: "["), text.last == UInt8(ascii: "]"), text.count > 2 else {
            return text.allSatisfy(isNameByte)
        }
        return text.dropFirst().dropLast().allSatisfy { isNameByte($0) || $0 == UInt8(ascii: ":") }
    }

    /// The unreserved bytes, the escape and the sub-delimiters of RFC 3986, but for the comma, which joins two hosts
    /// into one field.
    private static func isNameByte(_ byte: UInt8) -> Bool {
        HTTPGrammar.isLetter(byte) || HTTPGrammar.isDigit(byte) || marks.contains(byte)
    }

    private static let marks = Bytes(ascii: "-._~%!$&'()*+;=")
}
