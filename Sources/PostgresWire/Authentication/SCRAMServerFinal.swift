/// The server's last message: the signature that proves it knows the password's keys.
struct SCRAMServerFinal {
    let signature: [UInt8]

    /// Decodes the message. An error reported in it is a violation too: nothing was proven.
    init(validating message: [UInt8]) throws(ProtocolViolation) {
        var attributes = try SCRAMAttributes(validating: message, of: "server-final")
        let (name, value) = try attributes.attribute()
        guard name != UInt8(ascii: "e") else { throw attributes.violation("reports that authentication failed") }
        guard name == UInt8(ascii: "v") else { throw attributes.violation("holds no signature") }
        guard let signature = Base64.decode(value), signature.count == Self.signatureBytes else {
            throw attributes.violation("holds a signature that is not base64 of 32 bytes")
        }
        self.signature = signature
        try attributes.finish()
    }

    private static let signatureBytes = 32
}
