import PostgresCryptography
import PostgresWire

/// What a server keeps of a password: "SCRAM-SHA-256$<iterations>:<salt>$<stored key>:<server key>".
package struct SCRAMSecret: Sendable {
    private let iterations: Int
    private let salt: [UInt8]
    private let storedKey: [UInt8]

    /// Reads a secret as `pg_authid.rolpassword` holds it.
    package init?(_ text: String) {
        let parts = text.split { "$:".contains($0) }
        guard parts.count == 5, parts[0] == "SCRAM-SHA-256", let iterations = Int(parts[1]),
            let salt = Base64.decode(parts[2].utf8), let storedKey = Base64.decode(parts[3].utf8)
        else { return nil }
        self.iterations = iterations
        self.salt = salt
        self.storedKey = storedKey
    }

    /// Whether a client of ours that is given this password proves what the server has kept.
    package func isMade(from password: String) throws -> Bool {
        let salted = try OpenSSLCryptography.saltedPassword(
            password: SASLprep.prepare(password), salt: salt, iterations: iterations)
        let clientKey = try OpenSSLCryptography.hmacSHA256(key: salted, message: Array("Client Key".utf8))
        return try OpenSSLCryptography.sha256(clientKey) == storedKey
    }
}
