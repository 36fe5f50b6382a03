/// A step of a GSSAPI or SSPI exchange.
package struct GSSResponse: FrontendMessage {
    /// The token for the server.
    package let token: [UInt8]

    /// Creates the message.
    package init(token: [UInt8]) {
        self.token = token
    }

    package func encode(into buffer: inout FrontendBuffer) throws(FrontendMessageError) {
        try buffer.message(UInt8(ascii: "p")) { body throws(FrontendMessageError) in
            body.raw(token)
        }
    }
}

extension GSSResponse: Redacted {}
