// The exchange (RFC 5802, section 3; the manual's section 55.3.1), client on the left:
//
//     clientFirstMessage()                n,,n=,r=<nonce>
//                                         r=<nonce+>,s=<salt>,i=<count>     receive(serverFirst:)
//     … PBKDF2, elsewhere, unless the keys are known …
//     clientFinalMessage(keys:)           c=biws,r=<nonce+>,p=<proof>
//                                         v=<signature>                     verify(serverFinal:)
//
// Every call first puts the machine into `failed` and leaves it there unless it succeeds, so an error or a call out of
// order ends the exchange for good, and only one path leads to `isVerified`.

/// The client's side of SCRAM-SHA-256 (RFC 5802, RFC 7677), which proves the password to the server and makes the
/// server prove that it knows it too.
///
/// One value per exchange. Errors never hold bytes of the peer or of a secret, and the value prints as its name only.
package struct SCRAMClient<Crypto: Cryptography>: Sendable, Redacted {
    private let channelBinding: ChannelBinding
    private let iterationLimits: ClosedRange<Int>
    private let iterationsMin: Int
    private var step: Step

    private enum Step {
        case start(Opening)
        case awaitingServerFirst(Opening)
        case awaitingKeys(Exchange)
        case awaitingServerFinal(serverSignature: [UInt8])
        case verified
        case failed
    }

    /// What the client brings along.
    private struct Opening {
        let credential: SCRAMCredential
        let nonce: [UInt8]
        /// The `client-first-message-bare`.
        let bare: [UInt8]
    }

    /// What both sides have said before the proof.
    private struct Exchange {
        /// The `client-final-message-without-proof`.
        let withoutProof: [UInt8]
        /// The RFC's `AuthMessage`, which proof and signature cover.
        let authMessage: [UInt8]
    }

    /// Prepares an exchange with a fresh nonce.
    ///
    /// - Parameters:
    ///   - credential: The password or the keys; `SASLprep` prepares the password that a user gave.
    ///   - user: The name inside SCRAM. Empty as in libpq, since Postgres takes the one of the StartupMessage.
    ///   - iterationLimits: The counts that the server may ask for. The upper end bounds the work a hostile server
    ///     can cause, the lower end keeps it from asking for a proof that is cheap to attack. Keys need no work, and
    ///     with them any count will do.
    ///   - iterationsMin: The fewest for a server for which nothing vouches; 1 where something does.
    package init(
        _ credential: SCRAMCredential, user: String = "", channelBinding: ChannelBinding = .notSupportedByClient,
        iterationLimits: ClosedRange<Int> = 1...100_000, iterationsMin: Int = 1
    ) throws(Crypto.Failure) {
        self.channelBinding = channelBinding
        self.iterationLimits = iterationLimits
        self.iterationsMin = iterationsMin
        let nonce = Base64.encode(try Crypto.randomBytes(Self.nonceBytes))
        let bare = Array("n=".utf8) + Self.escaped(user) + Array(",r=".utf8) + nonce
        step = .start(Opening(credential: credential, nonce: nonce, bare: bare))
    }

    /// As many as libpq takes: 144 bits, 24 characters.
    private static var nonceBytes: Int { 18 }

    /// Whether the server has proven that it knows the password's keys. Until then AuthenticationOk means nothing.
    package var isVerified: Bool {
        if case .verified = step { true } else { false }
    }

    /// Returns the data of the SASLInitialResponse.
    package mutating func clientFirstMessage() throws(ProtocolViolation) -> [UInt8] {
        guard case .start(let opening) = takeStep() else { throw Self.outOfOrder }
        guard channelBinding.input != nil else {
            throw ProtocolViolation(.authentication, "SCRAM cannot bind to a channel without its data")
        }
        step = .awaitingServerFirst(opening)
        return channelBinding.header + opening.bare
    }

    /// Takes the data of AuthenticationSASLContinue and returns where the keys for the answer come from.
    ///
    /// The iteration count of a derivation is within the limits by then; nothing has been computed yet.
    package mutating func receive(serverFirst message: [UInt8]) throws(ProtocolViolation) -> SCRAMKeySource {
        guard case .awaitingServerFirst(let opening) = takeStep(), let binding = channelBinding.input else {
            throw Self.outOfOrder
        }
        let serverFirst = try SCRAMServerFirst(validating: message, clientNonce: opening.nonce)
        let source = try keySource(opening.credential, serverFirst)
        let withoutProof = Array("c=".utf8) + Base64.encode(binding) + Array(",r=".utf8) + serverFirst.nonce
        let comma = Array(",".utf8)
        step = .awaitingKeys(
            Exchange(
                withoutProof: withoutProof, authMessage: opening.bare + comma + message + comma + withoutProof))
        return source
    }

    private func keySource(
        _ credential: SCRAMCredential, _ serverFirst: SCRAMServerFirst
    ) throws(ProtocolViolation) -> SCRAMKeySource {
        switch credential {
        case .keys(let keys):
            return .keys(keys)
        case .password(let password):
            try serverFirst.check(iterationLimits, unverifiedMin: iterationsMin)
            return .derivation(
                KeyDerivation(password: password, salt: serverFirst.salt, iterations: serverFirst.iterations))
        }
    }

    /// Returns the data of the SASLResponse: the proof that the client knows the password.
    package mutating func clientFinalMessage(keys: SCRAMKeys) throws(ProtocolViolation) -> SecretBytes {
        guard case .awaitingKeys(let exchange) = takeStep() else { throw Self.outOfOrder }
        let proof: SecretBytes
        let serverSignature: [UInt8]
        do throws(Crypto.Failure) {
            proof = try Self.proof(keys.clientKey, of: exchange)
            serverSignature = try Self.signature(keys.serverKey, of: exchange)
        } catch {
            throw ProtocolViolation(.authentication, "SCRAM cannot go on: HMAC-SHA-256 or SHA-256 is not available")
        }
        step = .awaitingServerFinal(serverSignature: serverSignature)
        let text = proof.withBytes { SecretBytes(Base64.encode($0)) }
        var message: [UInt8] = []
        message.reserveCapacity(exchange.withoutProof.count + 3 + text.count)
        message += exchange.withoutProof
        message += ",p=".utf8
        text.withBytes { message += $0 }
        return SecretBytes(consume message)
    }

    /// Takes the data of AuthenticationSASLFinal and throws unless the server has proven itself with it.
    package mutating func verify(serverFinal message: [UInt8]) throws(ProtocolViolation) {
        guard case .awaitingServerFinal(let expected) = takeStep() else { throw Self.outOfOrder }
        let serverFinal = try SCRAMServerFinal(validating: message)
        guard Crypto.isEqualInConstantTime(serverFinal.signature, expected) else {
            throw ProtocolViolation(.authentication, "SCRAM server-final message holds a wrong signature")
        }
        step = .verified
    }

    // MARK: steps and the proof

    /// Returns the present step and leaves `failed` in its place.
    private mutating func takeStep() -> Step {
        defer { step = .failed }
        return step
    }

    private static var outOfOrder: ProtocolViolation {
        ProtocolViolation(.authentication, "SCRAM step came out of its order")
    }

    private static func proof(_ clientKey: SecretBytes, of exchange: Exchange) throws(Crypto.Failure) -> SecretBytes {
        try clientKey.withBytes { clientKey throws(Crypto.Failure) in
            let storedKey = SecretBytes(try Crypto.sha256(clientKey))
            // As secret as the key: the proof, which everybody can see, is the one with the other.
            let signature = SecretBytes(try signature(storedKey, of: exchange))
            return signature.withBytes { SecretBytes(zip(clientKey, $0).map { $0 ^ $1 }) }
        }
    }

    private static func signature(_ key: SecretBytes, of exchange: Exchange) throws(Crypto.Failure) -> [UInt8] {
        try key.withBytes { key throws(Crypto.Failure) in
            try Crypto.hmacSHA256(key: key, message: exchange.authMessage)
        }
    }

    /// Returns the RFC's `saslname`: commas and equals signs would end the field.
    private static func escaped(_ name: String) -> [UInt8] {
        name.utf8.flatMap { byte -> [UInt8] in
            switch byte {
            case UInt8(ascii: ","): Array("=2C".utf8)
            case UInt8(ascii: "="): Array("=3D".utf8)
            default: [byte]
            }
        }
    }
}
