internal import CCrypto
internal import Glibc
package import P2PProtocol

/// A certificate and its key: who a program is on an encrypted connection. Others know it by its fingerprint.
///
/// SAFETY: both objects are only read after init, which OpenSSL allows from any thread; freed once, in deinit.
package final class TLSIdentity: @unchecked Sendable {
    let certificate: OpaquePointer
    let key: OpaquePointer
    /// SHA-256 of the certificate as it travels.
    package let fingerprint: Digest

    /// Takes both over.
    private init(certificate: OpaquePointer, key: OpaquePointer) throws(TLSFault) {
        (self.certificate, self.key) = (certificate, key)
        fingerprint = try Self.fingerprint(of: certificate)
    }

    deinit {
        X509_free(certificate)
        EVP_PKEY_free(key)
    }

    /// A new key, and a certificate that it signs itself. Nobody looks at its name or its end: it is pinned.
    package static func make(name: String, days: Int = 20 * 365) throws(TLSFault) -> TLSIdentity {
        guard let key = ccrypto_new_key() else { throw .unusable("no key could be made") }
        guard let certificate = X509_new() else {
            EVP_PKEY_free(key)
            throw .unusable("no certificate could be made")
        }
        return try TLSIdentity(signing: certificate, with: key, as: name, days: days)
    }

    /// From PEM texts, as other tools write them.
    package static func read(certificate: Bytes, key: Bytes) throws(TLSFault) -> TLSIdentity {
        guard let chain = certificate.withUnsafeBytes({ ccrypto_read_certificate($0.baseAddress, $0.count) }) else {
            throw .unusable("the certificate is not a PEM text")
        }
        guard let secret = key.withUnsafeBytes({ ccrypto_read_key($0.baseAddress, $0.count) }) else {
            X509_free(chain)
            throw .unusable("the key is not a PEM text without a passphrase")
        }
        guard X509_check_private_key(chain, secret) == 1 else {
            X509_free(chain)
            EVP_PKEY_free(secret)
            throw .unusable("the key is not the certificate's")
        }
        return try TLSIdentity(certificate: chain, key: secret)
    }

    private convenience init(
        signing certificate: OpaquePointer, with key: OpaquePointer, as name: String, days: Int
    ) throws(TLSFault) {
        let longest = 64
        let common = Bytes(name.utf8.prefix(longest))
        guard let subject = X509_get_subject_name(certificate),
            X509_set_version(certificate, 2) == 1,
            let serial = X509_get_serialNumber(certificate),
            ASN1_INTEGER_set_uint64(serial, UInt64.random(in: 1...UInt64.max)) == 1,
            X509_gmtime_adj(X509_getm_notBefore(certificate), -86_400) != nil,
            X509_time_adj_ex(X509_getm_notAfter(certificate), Int32(clamping: days), 0, nil) != nil,
            X509_set_pubkey(certificate, key) == 1,
            X509_NAME_add_entry_by_txt(subject, "CN", 0x1000, common, Int32(common.count), -1, 0) == 1,
            X509_set_issuer_name(certificate, subject) == 1,
            X509_sign(certificate, key, EVP_sha256()) > 0
        else {
            X509_free(certificate)
            EVP_PKEY_free(key)
            throw .unusable("no certificate could be made")
        }
        try self.init(certificate: certificate, key: key)
    }

    /// Whether its time is over by the clock of now.
    package var hasExpired: Bool { X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0 }

    /// Both as PEM texts, to be kept.
    package func texts() throws(TLSFault) -> (certificate: Bytes, key: Bytes) {
        let certificate = try Self.text { PEM_write_bio_X509($0, self.certificate) }
        let key = try Self.text { PEM_write_bio_PrivateKey($0, self.key, nil, nil, 0, nil, nil) }
        return (certificate, key)
    }

    private static func text(_ write: (OpaquePointer) -> Int32) throws(TLSFault) -> Bytes {
        guard let memory = BIO_new(BIO_s_mem()) else { throw .unusable("no memory") }
        defer { BIO_free(memory) }
        var start: UnsafeMutablePointer<CChar>?
        guard write(memory) == 1, case let count = ccrypto_memory_text(memory, &start), count > 0, let start else {
            throw .unusable("it cannot be written")
        }
        return Bytes(UnsafeRawBufferPointer(start: start, count: count))
    }

    static func fingerprint(of certificate: OpaquePointer) throws(TLSFault) -> Digest {
        var bytes = Bytes(repeating: 0, count: Digest.byteCount)
        guard X509_digest(certificate, EVP_sha256(), &bytes, nil) == 1, let digest = Digest(bytes) else {
            throw .unusable("the certificate has no fingerprint")
        }
        return digest
    }
}

/// Why a connection could not be encrypted, or not with whom it should be.
package enum TLSFault: Error, Equatable, Sendable {
    /// A certificate or a key that cannot be used.
    case unusable(String)
    /// Both sides found no common way, or the other side does not speak TLS.
    case handshake(String)
    /// Somebody else answered than the one whom we know.
    case stranger(expected: Digest, presented: Digest?)
}

extension TLSFault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unusable(let reason): reason
        case .handshake(let reason): "no encrypted connection: \(reason)"
        case .stranger(let expected, let presented):
            "its certificate is not the one that is expected: \(Self.words(presented)) instead of \(Self.words(expected))"
        }
    }

    private static func words(_ fingerprint: Digest?) -> String {
        fingerprint.map { display($0.hex) } ?? "none"
    }
}
