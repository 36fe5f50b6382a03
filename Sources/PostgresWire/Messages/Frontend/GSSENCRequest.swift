/// Asks whether the server agrees to GSSAPI encryption; it answers with a single byte.
package struct GSSENCRequest: FrontendMessage {
    /// Creates the message, which has no fields.
    package init() {}

    package func encode(into buffer: inout FrontendBuffer) throws(FrontendMessageError) {
        try buffer.untypedMessage { body throws(FrontendMessageError) in
            body.integer(Self.code)
        }
    }

    /// The number where other messages have a protocol version.
    private static let code: Int32 = 80_877_104
}
