/// The password, or the hash of it that the server asked for.
package struct PasswordMessage: FrontendMessage {
    /// The password or its hash.
    package let password: String

    /// Creates the message.
    package init(password: String) {
        self.password = password
    }

    package func encode(into buffer: inout FrontendBuffer) throws(FrontendMessageError) {
        try buffer.message(UInt8(ascii: "p")) { body throws(FrontendMessageError) in
            try body.string(password)
        }
    }
}

extension PasswordMessage: Redacted {}
