/// A step of a SASL exchange after the first.
package struct SASLResponse: FrontendMessage {
    /// The mechanism's answer to the challenge.
    package let data: SecretBytes

    /// Creates the message.
    package init(data: SecretBytes) {
        self.data = data
    }

    package func encode(into buffer: inout FrontendBuffer) throws(FrontendMessageError) {
        buffer.makeRoom(forSecret: data.count + Self.framingBytes)
        try buffer.message(UInt8(ascii: "p")) { body throws(FrontendMessageError) in
            data.withBytes { body.raw($0) }
        }
    }

    /// The type byte and the length.
    private static let framingBytes = 5
}

extension SASLResponse: Redacted {}
