package import P2PProtocol

extension TLSIdentity {
    /// Larger is no certificate with its key.
    private static let longest = 256 << 10

    /// The one that is kept in a file, certificate and key together; made and kept when there is none yet.
    package static func keep(in path: Bytes, name: String) throws -> TLSIdentity {
        if try exists(path) { return try load(certificate: path, key: path) }
        let identity = try make(name: name)
        let texts = try identity.texts()
        try AtomicFile.save(texts.certificate + texts.key, to: path)
        return identity
    }

    /// From PEM files, of the user's for example.
    package static func load(certificate: Bytes, key: Bytes) throws(TLSFault) -> TLSIdentity {
        let (text, secret) = (try text(of: certificate), try text(of: key))
        do {
            return try read(certificate: text, key: secret)
        } catch {
            throw .unusable("\(display(certificate)): \(error)")
        }
    }

    private static func text(of path: Bytes) throws(TLSFault) -> Bytes {
        guard let text = AtomicFile.load(path, atMost: longest) else {
            throw .unusable("\(display(path)) cannot be read")
        }
        return text
    }

    /// One that cannot be read is not replaced: others know us by it.
    private static func exists(_ path: Bytes) throws(SystemError) -> Bool {
        do {
            try Descriptor.openFile(path).close()
            return true
        } catch {
            if error.isMissing { return false }
            throw error
        }
    }
}
