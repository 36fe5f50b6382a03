/// The choice of a SASL mechanism, and its first data.
package struct SASLInitialResponse: FrontendMessage {
    /// The name of the mechanism, one of those that the server offered.
    package let mechanism: String
    /// The mechanism's first data; `nil` if it has none, which is not the same as empty.
    package let data: SecretBytes?

    /// Creates the message.
    package init(mechanism: String, data: [UInt8]?) {
        self.mechanism = mechanism
        self.data = data.map { SecretBytes(copying: $0) }
    }

    /// Creates a message that gives a secret away.
    package init(mechanism: String, secret: SecretBytes) {
        self.mechanism = mechanism
        data = secret
    }

    package func encode(into buffer: inout FrontendBuffer) throws(FrontendMessageError) {
        if let data { buffer.makeRoom(forSecret: mechanism.utf8.count + data.count + Self.framingBytes) }
        try buffer.message(UInt8(ascii: "p")) { body throws(FrontendMessageError) in
            try body.string(mechanism)
            guard let data else { return body.integer(Int32(-1)) }
            guard let length = Int32(exactly: data.count) else { throw FrontendMessageError.messageTooLarge }
            body.integer(length)
            data.withBytes { body.raw($0) }
        }
    }

    /// The type byte, two lengths and the NUL behind the mechanism.
    private static let framingBytes = 10
}

extension SASLInitialResponse: Redacted {
    package var description: String { "SASLInitialResponse(mechanism: \(mechanism))" }
}
