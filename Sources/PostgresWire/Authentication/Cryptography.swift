/// The cryptographic primitives that authentication needs, as static functions of a type.
///
/// The wire module has neither cryptography nor randomness of its own: whoever runs a session names the type that has
/// them. A primitive may fail (a library in FIPS mode refuses MD5, a random generator may lack entropy); a conformer
/// throws then and never traps or returns less than was asked for.
package protocol Cryptography: SendableMetatype {
    /// What is thrown when a primitive is not available.
    associatedtype Failure: Error

    /// Returns the 32 bytes of the SHA-256 digest.
    static func sha256(_ message: [UInt8]) throws(Failure) -> [UInt8]

    /// Returns the 32 bytes of HMAC-SHA-256.
    static func hmacSHA256(key: [UInt8], message: [UInt8]) throws(Failure) -> [UInt8]

    /// Returns the 16 bytes of the MD5 digest.
    static func md5(_ message: [UInt8]) throws(Failure) -> [UInt8]

    /// Returns `count` bytes that nobody can predict.
    static func randomBytes(_ count: Int) throws(Failure) -> [UInt8]

    /// Returns the 32 bytes of PBKDF2-HMAC-SHA-256, which SCRAM calls `Hi`.
    ///
    /// Takes time proportional to `iterations`, a number that the server chose; callers run it off the event loop.
    static func saltedPassword(password: [UInt8], salt: [UInt8], iterations: Int) throws(Failure) -> [UInt8]

    /// Compares in a time that depends on the lengths alone.
    static func isEqualInConstantTime(_ first: [UInt8], _ second: [UInt8]) -> Bool
}
