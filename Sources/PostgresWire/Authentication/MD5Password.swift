/// The answer to AuthenticationMD5Password.
///
/// MD5 is broken and the stored hash is as good as the password; sessions answer only where the user allowed it.
package enum MD5Password {
    /// Returns what a PasswordMessage holds: "md5" and the hex digits of `md5(hex(md5(password + user)) + salt)`.
    package static func response<Crypto: Cryptography>(
        password: SecretBytes, user: String, salt: [UInt8], using crypto: Crypto.Type
    ) throws(Crypto.Failure) -> SecretBytes {
        let stored = hex(try digest(of: password, followedBy: Array(user.utf8), using: crypto), prefix: "")
        return hex(try digest(of: stored, followedBy: salt, using: crypto), prefix: "md5")
    }

    private static func digest<Crypto: Cryptography>(
        of secret: SecretBytes, followedBy more: [UInt8], using crypto: Crypto.Type
    ) throws(Crypto.Failure) -> SecretBytes {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(secret.count + more.count)
        secret.withBytes { bytes += $0 }
        bytes += more
        let joined = SecretBytes(consume bytes)
        return try joined.withBytes { bytes throws(Crypto.Failure) in
            SecretBytes(try crypto.md5(bytes))
        }
    }

    private static func hex(_ digest: SecretBytes, prefix: String) -> SecretBytes {
        var text: [UInt8] = []
        text.reserveCapacity(prefix.utf8.count + 2 * digest.count)
        text += prefix.utf8
        digest.withBytes { bytes in
            for byte in bytes {
                text.append(digit(byte >> 4))
                text.append(digit(byte & 15))
            }
        }
        return SecretBytes(consume text)
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + (value - 10)
    }
}
