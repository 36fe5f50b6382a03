/// The choice of a SASL mechanism, and its first data.
package struct SASLInitialResponse: FrontendMessage {
    /// The name of the mechanism, one of those that the server offered.
    package let mechanism: String
    /// The mechanism's first data; `nil` if it has none, which is not the same as empty.
    package let data: [UInt8]?

    /// Creates the message.
    package init(mechanism: String, data: [UInt8]?) {
        self.mechanism = mechanism
        self.data = data
    }

    package func encode(into buffer: inout FrontendBuffer) throws(FrontendMessageError) {
        try buffer.message(UInt8(ascii: "p")) { body throws(FrontendMessageError) in
            try body.string(mechanism)
            guard let data else { return body.integer(Int32(-1)) }
            guard let length = Int32(exactly: data.count) else { throw FrontendMessageError.messageTooLarge }
            body.integer(length)
            body.raw(data)
        }
    }
}

extension SASLInitialResponse: Redacted {
    package var description: String { "SASLInitialResponse(mechanism: \(mechanism))" }
}
