internal import CCrypto

/// What the encrypted connections of one side have in common.
///
/// SAFETY: not changed after init; OpenSSL counts the references of sessions by itself, from any thread.
package final class TLSContext: @unchecked Sendable {
    /// The oldest version that is spoken.
    package enum Version: Sendable {
        case tls12
        case tls13
    }

    /// A download reads so much at a time.
    private static let readBytes = 128 << 10

    private let context: OpaquePointer
    private let isServer: Bool

    /// For those who connect to us, and are shown this identity.
    package init(serving identity: TLSIdentity, from minimum: Version = .tls13) throws(TLSFault) {
        context = try Self.make(TLS_server_method(), minimum)
        isServer = true
        guard SSL_CTX_use_certificate(context, identity.certificate) == 1,
            SSL_CTX_use_PrivateKey(context, identity.key) == 1
        else {
            // Freed by deinit: all properties have their values.
            throw .unusable("the certificate or its key cannot be used for TLS")
        }
    }

    /// For connections of ours. Whom we reach is told by the fingerprint alone.
    package init() throws(TLSFault) {
        context = try Self.make(TLS_client_method(), .tls12)
        isServer = false
        SSL_CTX_set_default_read_buffer_len(context, Self.readBytes)
    }

    deinit { SSL_CTX_free(context) }

    private static func make(_ method: OpaquePointer?, _ minimum: Version) throws(TLSFault) -> OpaquePointer {
        guard let context = SSL_CTX_new(method) else { throw .unusable("OpenSSL gives no context") }
        let version = minimum == .tls13 ? TLS1_3_VERSION : TLS1_2_VERSION
        guard ccrypto_tls_prepare(context, version) == 1 else {
            SSL_CTX_free(context)
            throw .unusable("OpenSSL refuses its settings")
        }
        return context
    }

    /// The one for all connections of this program to others.
    package static let outgoing = Result { () throws(TLSFault) in try TLSContext() }

    /// A session on a connected socket, of which `initial` has been read already; nil without memory.
    func session(on descriptor: Int32, initial: UnsafeRawBufferPointer) -> TLSSession? {
        guard let ssl = SSL_new(context) else { return nil }
        let session = TLSSession(ssl)
        guard SSL_set_fd(ssl, descriptor) == 1, initial.isEmpty || session.feed(initial) else { return nil }
        if isServer { SSL_set_accept_state(ssl) } else { SSL_set_connect_state(ssl) }
        return session
    }
}
