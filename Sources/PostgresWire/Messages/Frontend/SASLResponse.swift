/// A step of a SASL exchange after the first.
package struct SASLResponse: FrontendMessage {
    /// The mechanism's answer to the challenge.
    package let data: [UInt8]

    /// Creates the message.
    package init(data: [UInt8]) {
        self.data = data
    }

    package func encode(into buffer: inout FrontendBuffer) throws(FrontendMessageError) {
        try buffer.message(UInt8(ascii: "p")) { body throws(FrontendMessageError) in
            body.raw(data)
        }
    }
}

extension SASLResponse: Redacted {}
