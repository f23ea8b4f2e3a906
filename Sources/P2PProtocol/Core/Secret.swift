internal import CCrypto

/// Words that only a few may know.
package enum Secret {
    /// Whether two are the same. It takes equally long wherever they differ, so that no guess is told how near it came.
    package static func matches(_ guess: Bytes, _ secret: Bytes) -> Bool {
        guess.count == secret.count && CRYPTO_memcmp(guess, secret, secret.count) == 0
    }
}
