/// Ends a copy to the server with an error (manual: "COPY Operations").
package struct CopyFail: FrontendMessage {
    /// Why; the server repeats it in its ErrorResponse.
    package let reason: String

    /// Creates the message.
    package init(reason: String) {
        self.reason = reason
    }

    package func encode(into buffer: inout FrontendBuffer) throws(FrontendMessageError) {
        try buffer.message(UInt8(ascii: "f")) { body throws(FrontendMessageError) in
            try body.string(reason)
        }
    }
}
