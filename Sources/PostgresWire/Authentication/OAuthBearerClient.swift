// The exchange (RFC 7628, section 3; the manual's section "OAUTHBEARER Authentication"), client on the left:
//
//     initialResponse()          n,,^Aauth=Bearer <token>^A^A
//                                AuthenticationOk
//       or                       {"status":"invalid_token", …}     receive(refusal:)
//     acknowledgement()          ^A
//                                ErrorResponse
//
// Without a token `auth=` stays empty: the server can only refuse, and its refusal says where tokens come from. As in
// SCRAM's machine every call first puts it into `failed` and leaves it there unless it succeeds.

/// The client's side of OAUTHBEARER (RFC 7628), which shows the server a bearer token, or asks which one it wants.
///
/// One value per exchange. Nothing in it proves the server: the caller sees to it that the token goes to the right one.
package struct OAuthBearerClient: Sendable, Redacted {
    /// The name of the SASL mechanism.
    package static let mechanism = "OAUTHBEARER"
    /// The longest token, in bytes. The server refuses messages of 64 KiB.
    package static let tokenBytesMax = 60 << 10

    private var step: Step

    private enum Step {
        case start(SecretBytes?)
        case sent
        case refused
        case failed
    }

    /// Prepares an exchange with a token, or one that asks for the server's wishes.
    package init(token: SecretBytes?) {
        step = .start(token)
    }

    /// Whether bytes are a bearer token (RFC 6750, section 2.1) of a length that the server takes. Others could end the
    /// message early, or be taken for a part of it.
    package static func isToken(_ token: SecretBytes) -> Bool {
        guard 1...tokenBytesMax ~= token.count else { return false }
        return token.withBytes { bytes in
            let padding = bytes.reversed().prefix { $0 == UInt8(ascii: "=") }.count
            return padding < bytes.count && bytes.dropLast(padding).allSatisfy(isTokenByte)
        }
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: "-._~+/".utf8.contains(byte)
        }
    }

    /// Returns the data of the SASLInitialResponse.
    package mutating func initialResponse() throws(ProtocolViolation) -> SecretBytes {
        guard case .start(let token) = takeStep() else { throw Self.outOfOrder }
        guard let token else {
            step = .sent
            return SecretBytes(Array("n,,\u{1}auth=\u{1}\u{1}".utf8))
        }
        guard Self.isToken(token) else {
            throw ProtocolViolation(.authentication, "OAuth token cannot be sent")
        }
        step = .sent
        let (start, end) = ("n,,\u{1}auth=Bearer ", "\u{1}\u{1}")
        var message: [UInt8] = []
        message.reserveCapacity(start.utf8.count + token.count + end.utf8.count)
        message += start.utf8
        token.withBytes { message += $0 }
        message += end.utf8
        return SecretBytes(consume message)
    }

    /// Takes the data of AuthenticationSASLContinue, with which the server refuses.
    package mutating func receive(refusal message: [UInt8]) throws(ProtocolViolation) -> OAuthRefusal {
        guard case .sent = takeStep() else { throw Self.outOfOrder }
        let refusal = try OAuthRefusal(validating: message)
        step = .refused
        return refusal
    }

    /// Returns the data of the SASLResponse that answers a refusal: a single byte that means nothing.
    package mutating func acknowledgement() throws(ProtocolViolation) -> SecretBytes {
        guard case .refused = takeStep() else { throw Self.outOfOrder }
        return SecretBytes([0x01])
    }

    /// Returns the present step and leaves `failed` in its place.
    private mutating func takeStep() -> Step {
        defer { step = .failed }
        return step
    }

    private static var outOfOrder: ProtocolViolation {
        ProtocolViolation(.authentication, "OAuth step came out of its order")
    }
}
