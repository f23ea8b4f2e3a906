/// Who reports that it has taken a moved content: `ID@SERVER`, its id on the index that both sides know.
package struct HandoffTaker: Equatable, Sendable {
    package let id: Int
    package let server: Bytes

    package init(id: Int, server: Bytes) {
        self.id = id
        self.server = server
    }

    /// Reads `ID@SERVER`; nil without a number from 1 before the sign or `host[:port]` behind it.
    package init?(_ text: Bytes) {
        guard let sign = text.firstIndex(of: UInt8(ascii: "@")), let id = Decimal.parse(text[..<sign]), id > 0 else {
            return nil
        }
        let server = text[(sign + 1)...]
        guard !server.isEmpty, Authority.isValid(server) else { return nil }
        self.init(id: id, server: Bytes(server))
    }

    /// `ID@SERVER`.
    package var bytes: Bytes {
        var text = Bytes()
        text.append(decimal: id)
        return text + [UInt8(ascii: "@")] + server
    }
}
