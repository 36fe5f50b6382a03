/// What the server asks for between its first message and the client's last: to stretch the password.
///
/// A value of its own so that the work can be done anywhere, off the event loop, and its result be kept: a password,
/// salt and count that come again give the same keys.
package struct KeyDerivation: Hashable, Sendable, Redacted {
    /// The password's bytes, prepared.
    package let password: SecretBytes
    /// The salt of the role, chosen by the server.
    package let salt: [UInt8]
    /// The count of rounds, within the limits that the client was given.
    package let iterations: Int

    /// Stretches the password. Takes `iterations` rounds of HMAC-SHA-256: never call it on an event loop.
    package func keys<Crypto: Cryptography>(using crypto: Crypto.Type) throws(Crypto.Failure) -> SCRAMKeys {
        let salted = try password.withBytes { password throws(Crypto.Failure) in
            SecretBytes(try crypto.saltedPassword(password: password, salt: salt, iterations: iterations))
        }
        return try salted.withBytes { salted throws(Crypto.Failure) in
            SCRAMKeys(
                clientKey: SecretBytes(try crypto.hmacSHA256(key: salted, message: Array("Client Key".utf8))),
                serverKey: SecretBytes(try crypto.hmacSHA256(key: salted, message: Array("Server Key".utf8))))
        }
    }
}
