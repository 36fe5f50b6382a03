import PostgresWire

/// What a server would receive.
package enum FrontendBytes {
    /// Returns the whole message, with its type byte and length.
    package static func encode(_ message: some FrontendMessage) throws(FrontendMessageError) -> [UInt8] {
        var buffer = FrontendBuffer()
        try buffer.append(message)
        return [UInt8](copying: buffer.pending)
    }
}

extension SecretBytes {
    /// A copy of the bytes, for comparisons.
    package var bytes: [UInt8] { withBytes { bytes in bytes.map { $0 } } }
}

extension PasswordMessage {
    /// Creates the message from what is no secret in a test.
    package init(password: String) { self.init(password: SecretBytes(Array(password.utf8))) }
}

extension SASLResponse {
    /// Creates the message from what is no secret in a test.
    package init(data: [UInt8]) { self.init(data: SecretBytes(copying: data)) }
}

extension SCRAMClient {
    /// Prepares an exchange for a password as a user gives it.
    package init(
        password: String, user: String = "", channelBinding: ChannelBinding = .notSupportedByClient,
        iterationLimits: ClosedRange<Int> = 1...100_000, iterationsMin: Int = 1
    ) throws(Crypto.Failure) {
        try self.init(
            .password(SecretBytes(SASLprep.prepare(password))), user: user, channelBinding: channelBinding,
            iterationLimits: iterationLimits, iterationsMin: iterationsMin)
    }
}

extension SCRAMKeySource {
    /// The derivation, where one is asked for.
    package var derivation: KeyDerivation? {
        if case .derivation(let derivation) = self { derivation } else { nil }
    }

    /// Derives the keys unless they are known.
    package func keys<Crypto: Cryptography>(using crypto: Crypto.Type) throws(Crypto.Failure) -> SCRAMKeys {
        switch self {
        case .keys(let keys): keys
        case .derivation(let derivation): try derivation.keys(using: crypto)
        }
    }
}
