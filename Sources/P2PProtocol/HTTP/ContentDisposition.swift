/// The Content-Disposition field (RFC 6266): under which name the receiver may save the bytes.
package enum ContentDisposition {
    /// Shown where it can be shown, saved under this name otherwise.
    package static func inline(_ name: Bytes) -> Bytes {
        field("inline", name)
    }

    /// Always saved.
    package static func attachment(_ name: Bytes) -> Bytes {
        field("attachment", name)
    }

    private static func field(_ kind: StaticString, _ name: Bytes) -> Bytes {
        let fileName = lastComponent(name)
        guard !fileName.isEmpty else { return Bytes(ascii: kind) }
        let fallback = fileName.map { isPlain($0) ? $0 : underscore }
        var value = Bytes(ascii: kind) + Bytes(ascii: "; filename=\"") + fallback + [UInt8(ascii: "\"")]
        // RFC 8187 promises UTF-8: a name that is not keeps only the fallback, rather than a false promise.
        if fallback != fileName, isUTF8(fileName) {
            value += Bytes(ascii: "; filename*=UTF-8''") + PercentEncoding.encode(fileName)
        }
        return value
    }

    /// The file's own name, control bytes gone: escaped ones would come to life again on the other side.
    private static func lastComponent(_ name: Bytes) -> Bytes {
        HTTPGrammar.fileName(of: name).map { $0 < 32 || $0 == 127 ? underscore : $0 }
    }

    /// What every reader takes alike inside quotes. Some decode `%`, and quote and backslash differ among them.
    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 32 && byte < 127 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
            && byte != UInt8(ascii: "%")
    }

    private static func isUTF8(_ bytes: Bytes) -> Bool {
        String(validating: bytes, as: UTF8.self) != nil
    }

    private static let underscore = UInt8(ascii: "_")
}
