import PostgresCryptography
import PostgresWire

/// The other side of an exchange, from the RFC's formulas: it keeps the stored and the server key, not the password.
package struct SCRAMServer: Sendable {
    let salt = Array("salt of the role".utf8)
    let iterations: Int
    /// What a client may log in with in place of the password.
    package let keys: SCRAMKeys
    /// The same as bytes.
    package var keyBytes: (client: [UInt8], server: [UInt8]) { (keys.clientKey.bytes, keys.serverKey.bytes) }
    private let storedKey: [UInt8]
    private let serverKey: [UInt8]
    private var saidSoFar = ""

    /// Derives the keys of a role with this password.
    package init(password: String, iterations: Int = 4096) throws {
        self.iterations = iterations
        let salted = try OpenSSLCryptography.saltedPassword(
            password: Array(password.utf8), salt: salt, iterations: iterations)
        let clientKey = try OpenSSLCryptography.hmacSHA256(key: salted, message: Array("Client Key".utf8))
        storedKey = try OpenSSLCryptography.sha256(clientKey)
        serverKey = try OpenSSLCryptography.hmacSHA256(key: salted, message: Array("Server Key".utf8))
        keys = SCRAMKeys(clientKey: SecretBytes(copying: clientKey), serverKey: SecretBytes(copying: serverKey))
    }

    /// What a real server keeps of the password, as `CREATE ROLE … PASSWORD` takes it.
    package func storedPassword() -> String {
        let parts = [salt, storedKey, serverKey].map { String(decoding: Base64.encode($0), as: UTF8.self) }
        return "SCRAM-SHA-256$\(iterations):\(parts[0])$\(parts[1]):\(parts[2])"
    }

    /// Answers the client's first message, whose GS2 header has two commas.
    package mutating func first(answering clientFirst: [UInt8]) -> String {
        let text = String(decoding: clientFirst, as: UTF8.self)
        let bare = text.split(separator: ",", maxSplits: 2, omittingEmptySubsequences: false).last ?? ""
        let nonce = bare.split(separator: "r=").last ?? ""
        let salt = String(decoding: Base64.encode(salt), as: UTF8.self)
        let message = "r=\(nonce)server,s=\(salt),i=\(iterations)"
        saidSoFar = "\(bare),\(message)"
        return message
    }

    /// Answers the client's last message: with a signature if the proof holds, else with an error.
    package func final(answering clientFinal: [UInt8]) throws -> String {
        let parts = String(decoding: clientFinal, as: UTF8.self).split(separator: ",p=")
        guard parts.count == 2, let proof = Base64.decode(parts[1].utf8) else { return "e=other-error" }
        let authMessage = Array("\(saidSoFar),\(parts[0])".utf8)
        let signature = try OpenSSLCryptography.hmacSHA256(key: storedKey, message: authMessage)
        let clientKey = zip(proof, signature).map { $0 ^ $1 }
        guard try OpenSSLCryptography.sha256(clientKey) == storedKey else { return "e=invalid-proof" }
        let own = try OpenSSLCryptography.hmacSHA256(key: serverKey, message: authMessage)
        return "v=" + String(decoding: Base64.encode(own), as: UTF8.self)
    }
}
