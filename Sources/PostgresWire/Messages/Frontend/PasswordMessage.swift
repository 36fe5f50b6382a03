/// The password, or the hash of it that the server asked for.
package struct PasswordMessage: FrontendMessage {
    /// The password or its hash.
    package let password: SecretBytes

    /// Creates the message.
    package init(password: SecretBytes) {
        self.password = password
    }

    package func encode(into buffer: inout FrontendBuffer) throws(FrontendMessageError) {
        buffer.makeRoom(forSecret: password.count + Self.framingBytes)
        try buffer.message(UInt8(ascii: "p")) { body throws(FrontendMessageError) in
            try password.withBytes { bytes throws(FrontendMessageError) in try body.string(bytes) }
        }
    }

    /// The type byte, the length and the NUL at the end.
    private static let framingBytes = 6
}

extension PasswordMessage: Redacted {}
