/// The answer to AuthenticationMD5Password.
///
/// MD5 is broken and the stored hash is as good as the password; sessions answer only where the user allowed it.
package enum MD5Password {
    /// Returns the text for a PasswordMessage: "md5" and the hex digits of `md5(hex(md5(password + user)) + salt)`.
    package static func response<Crypto: Cryptography>(
        password: String, user: String, salt: [UInt8], using crypto: Crypto.Type
    ) throws(Crypto.Failure) -> String {
        let stored = hex(try crypto.md5(Array(password.utf8) + Array(user.utf8)))
        return String(decoding: "md5".utf8 + hex(try crypto.md5(stored + salt)), as: UTF8.self)
    }

    private static func hex(_ bytes: [UInt8]) -> [UInt8] {
        bytes.flatMap { [digit($0 >> 4), digit($0 & 15)] }
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + (value - 10)
    }
}
