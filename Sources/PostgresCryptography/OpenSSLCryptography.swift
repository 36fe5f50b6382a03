import COpenSSL
import PostgresWire

// Results are written straight into the arrays that are returned, so no copy of a secret stays behind here. What a
// failing primitive may have left in its output is wiped; arrays that callers hold and drop are not.

/// The cryptographic primitives that the wire's authentication asks for, from OpenSSL 3's default provider.
///
/// Every function may be called from any thread, and each empties that thread's OpenSSL error queue: entries left there
/// would mislead the next TLS call.
package enum OpenSSLCryptography: Cryptography {
    /// A primitive that OpenSSL could not carry out.
    package struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
        /// The primitives that may fail.
        package enum Primitive: String, Hashable, Sendable {
            case sha256 = "SHA-256"
            case hmacSHA256 = "HMAC-SHA-256"
            case md5 = "MD5"
            case randomBytes = "random bytes"
            case saltedPassword = "PBKDF2-HMAC-SHA-256"
        }

        /// What was asked for.
        package let primitive: Primitive
        /// What OpenSSL gives as the reason, a text of its own: "unsupported" for MD5 in FIPS mode.
        package let reason: String?

        /// The failure in one line.
        package var description: String {
            "OpenSSL could not provide \(primitive.rawValue)" + (reason.map { ": \($0)" } ?? "")
        }
    }

    /// Returns the 32 bytes of the SHA-256 digest.
    package static func sha256(_ message: [UInt8]) throws(Failure) -> [UInt8] {
        try digest(.sha256, name: "SHA256", count: 32, message)
    }

    /// Returns the 16 bytes of the MD5 digest; throws where the system forbids MD5, as in FIPS mode.
    package static func md5(_ message: [UInt8]) throws(Failure) -> [UInt8] {
        try digest(.md5, name: "MD5", count: 16, message)
    }

    /// Returns the 32 bytes of HMAC-SHA-256. Any length of key is allowed, also none.
    package static func hmacSHA256(key: [UInt8], message: [UInt8]) throws(Failure) -> [UInt8] {
        try output(.hmacSHA256, count: 32) { bytes in
            let count = bytes.count
            var written = 0
            let done = unsafe EVP_Q_mac(
                nil, "HMAC", nil, "SHA256", nil, key, key.count, message, message.count, &bytes, count, &written)
            return unsafe done != nil && written == count
        }
    }

    /// Returns `count` bytes of OpenSSL's random generator; a negative count is a caller's mistake and traps.
    package static func randomBytes(_ count: Int) throws(Failure) -> [UInt8] {
        precondition(count >= 0, "a count of random bytes cannot be negative")
        return try output(.randomBytes, count: count) { bytes in
            guard let count = Int32(exactly: count) else { return false }
            return unsafe RAND_bytes(&bytes, count) == 1
        }
    }

    /// Returns the 32 bytes of PBKDF2-HMAC-SHA-256.
    ///
    /// One uninterruptible loop in C: 4,096 iterations cost about 0.8 ms, 100,000 about 20 ms. Callers bound the count
    /// and stay off the event loop. A count below 1 or above `Int32.max` throws.
    package static func saltedPassword(
        password: [UInt8], salt: [UInt8], iterations: Int
    ) throws(Failure) -> [UInt8] {
        try output(.saltedPassword, count: 32) { bytes in
            guard
                let passwordCount = Int32(exactly: password.count), let saltCount = Int32(exactly: salt.count),
                let iterations = Int32(exactly: iterations), iterations > 0
            else { return false }
            return unsafe password.withUnsafeBytes { password in
                unsafe PKCS5_PBKDF2_HMAC(
                    password.baseAddress?.assumingMemoryBound(to: CChar.self), passwordCount, salt, saltCount,
                    iterations, EVP_sha256(), 32, &bytes) == 1
            }
        }
    }

    /// Compares in a time that depends on the lengths alone; different lengths are unequal at once.
    package static func isEqualInConstantTime(_ first: [UInt8], _ second: [UInt8]) -> Bool {
        first.count == second.count && (unsafe CRYPTO_memcmp(first, second, first.count)) == 0
    }

    private static func digest(
        _ primitive: Failure.Primitive, name: String, count: Int, _ message: [UInt8]
    ) throws(Failure) -> [UInt8] {
        try output(primitive, count: count) { bytes in
            var written = 0
            return unsafe EVP_Q_digest(nil, name, nil, message, message.count, &bytes, &written) == 1
                && written == count
        }
    }

    /// Returns an array of `count` bytes that `body` has filled, or throws if it answers that it could not.
    private static func output(
        _ primitive: Failure.Primitive, count: Int, _ body: (inout [UInt8]) -> Bool
    ) throws(Failure) -> [UInt8] {
        ERR_clear_error()
        var bytes = [UInt8](repeating: 0, count: count)
        guard body(&bytes) else {
            unsafe OPENSSL_cleanse(&bytes, count)
            throw Failure(primitive: primitive, reason: takeReason())
        }
        return bytes
    }

    /// Returns the text of the newest entry in the thread's error queue, and empties the queue.
    private static func takeReason() -> String? {
        let reason = unsafe ERR_reason_error_string(ERR_peek_last_error())
        defer { ERR_clear_error() }
        return unsafe reason.map { unsafe String(cString: $0) }
    }
}
