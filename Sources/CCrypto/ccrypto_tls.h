// TLS: OpenSSL's macros as inline functions, and its answers as one number.
#pragma once
#include <limits.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

/// What a TLS call came to when it moved nothing; a positive number is what it moved.
enum {
    ccrypto_tls_ended = 0,
    ccrypto_tls_wants_read = -1,
    ccrypto_tls_wants_write = -2,
    ccrypto_tls_failed = -3,
};

static inline int ccrypto_tls_outcome(SSL *ssl, int result) {
    if (result > 0) return result;
    switch (SSL_get_error(ssl, result)) {
    case SSL_ERROR_ZERO_RETURN: return ccrypto_tls_ended;
    case SSL_ERROR_WANT_READ: return ccrypto_tls_wants_read;
    case SSL_ERROR_WANT_WRITE: return ccrypto_tls_wants_write;
    default: return ccrypto_tls_failed;
    }
}

// Errors wait in a queue of the thread, where the next call of another connection would find them.

static inline int ccrypto_tls_handshake(SSL *ssl) {
    ERR_clear_error();
    return ccrypto_tls_outcome(ssl, SSL_do_handshake(ssl));
}

static inline int ccrypto_tls_read(SSL *ssl, void *bytes, size_t count) {
    ERR_clear_error();
    return ccrypto_tls_outcome(ssl, SSL_read(ssl, bytes, count > INT_MAX ? INT_MAX : (int)count));
}

static inline int ccrypto_tls_write(SSL *ssl, const void *bytes, size_t count) {
    ERR_clear_error();
    return ccrypto_tls_outcome(ssl, SSL_write(ssl, bytes, count > INT_MAX ? INT_MAX : (int)count));
}

/// Says that nothing more will be sent; what becomes of it is the other side's affair.
static inline void ccrypto_tls_finish(SSL *ssl) {
    if (!SSL_is_init_finished(ssl)) return;
    ERR_clear_error();
    SSL_shutdown(ssl);
    ERR_clear_error();
}

/// Lets the session read these bytes before those of its socket; 0 without memory.
static inline int ccrypto_tls_feed(SSL *ssl, const void *bytes, size_t count) {
    if (count > INT_MAX) return 0;
    BIO *memory = BIO_new(BIO_s_mem());
    if (!memory) return 0;
    if (BIO_write(memory, bytes, (int)count) != (int)count) {
        BIO_free(memory);
        return 0;
    }
    BIO_set_mem_eof_return(memory, -1);
    SSL_set0_rbio(ssl, memory);
    return 1;
}

/// From now on it reads from its socket, to which it writes.
static inline void ccrypto_tls_unfeed(SSL *ssl) {
    BIO *socket = SSL_get_wbio(ssl);
    if (socket && BIO_up_ref(socket)) SSL_set0_rbio(ssl, socket);
}

/// What all sessions of a context have in common. 0 when OpenSSL refuses.
static inline int ccrypto_tls_prepare(SSL_CTX *context, int minimum) {
    SSL_CTX_set_options(
        context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET | SSL_OP_IGNORE_UNEXPECTED_EOF);
    // Idle connections keep no buffers; a write may go on from another address and need not be whole.
    SSL_CTX_set_mode(
        context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(context, 0);
    SSL_CTX_set_read_ahead(context, 1);
    return SSL_CTX_set_min_proto_version(context, minimum) == 1
        && SSL_CTX_set_ciphersuites(
               context, "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256") == 1
        && SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20") == 1
        && SSL_CTX_set1_groups_list(context, "X25519:P-256") == 1;
}

/// A new key on P-256.
static inline EVP_PKEY *ccrypto_new_key(void) { return EVP_EC_gen("P-256"); }

/// Reads the first certificate or key of a PEM text.
static inline X509 *ccrypto_read_certificate(const void *text, size_t count) {
    BIO *memory = count > INT_MAX ? NULL : BIO_new_mem_buf(text, (int)count);
    X509 *certificate = memory ? PEM_read_bio_X509(memory, NULL, NULL, NULL) : NULL;
    BIO_free(memory);
    return certificate;
}

static inline EVP_PKEY *ccrypto_read_key(const void *text, size_t count) {
    BIO *memory = count > INT_MAX ? NULL : BIO_new_mem_buf(text, (int)count);
    // A passphrase has nobody to ask for it.
    EVP_PKEY *key = memory ? PEM_read_bio_PrivateKey(memory, NULL, NULL, (void *)"") : NULL;
    BIO_free(memory);
    return key;
}

/// The certificate that the other side has shown, without a reference of the caller's; NULL without one.
static inline X509 *ccrypto_tls_certificate(SSL *ssl) { return SSL_get0_peer_certificate(ssl); }

/// Where the text in a memory BIO begins; its length is the result.
static inline long ccrypto_memory_text(BIO *memory, char **text) { return BIO_get_mem_data(memory, text); }
