/// The answer to AuthenticationMD5Password.
///
/// MD5 is broken and the stored hash is as good as the password; sessions answer only where the user allowed it.
package enum MD5Password {
    /// Returns what a PasswordMessage holds: "md5" and the hex digits of `md5(hex(md5(password + user)) + salt)`.
    package static func response<Crypto: Cryptography>(
        password: SecretBytes, user: String, salt: [UInt8], using crypto: Crypto.Type
    ) throws(Crypto.Failure) -> SecretBytes {
        let named = joined(password, Array(user.utf8))
        let stored = hex(SecretBytes(try crypto.md5(named.bytes)), prefix: "")
        return hex(SecretBytes(try crypto.md5(joined(stored, salt).bytes)), prefix: "md5")
    }

    private static func joined(_ secret: SecretBytes, _ more: [UInt8]) -> SecretBytes {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(secret.count + more.count)
        bytes += secret.bytes
        bytes += more
        return SecretBytes(bytes)
    }

    private static func hex(_ digest: SecretBytes, prefix: String) -> SecretBytes {
        var text: [UInt8] = []
        text.reserveCapacity(prefix.utf8.count + 2 * digest.count)
        text += prefix.utf8
        for byte in digest.bytes {
            text.append(digit(byte >> 4))
            text.append(digit(byte & 15))
        }
        return SecretBytes(text)
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + (value - 10)
    }
}
