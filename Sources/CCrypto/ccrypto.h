// OpenSSL: what is called often or exists only as a macro, as inline functions.
#pragma once
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <stddef.h>
#include <stdint.h>

/// SHA-256 in one go. The low-level calls have no per-call fetch, which matters at 16 KiB a call.
static inline void ccrypto_sha256(const void *bytes, size_t count, uint8_t *into) {
    SHA256_CTX context;
    SHA256_Init(&context);
    SHA256_Update(&context, bytes, count);
    SHA256_Final(into, &context);
}

/// SHA-256 of two digests side by side: an inner node of a Merkle tree.
static inline void ccrypto_sha256_pair(const uint8_t *left, const uint8_t *right, uint8_t *into) {
    SHA256_CTX context;
    SHA256_Init(&context);
    SHA256_Update(&context, left, 32);
    SHA256_Update(&context, right, 32);
    SHA256_Final(into, &context);
}
