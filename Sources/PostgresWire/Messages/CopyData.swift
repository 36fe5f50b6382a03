/// A piece of the data of a copy; both sides send it (manual: "COPY Operations").
///
/// The frontend may cut its data anywhere. The backend sends one row, or one replication message, in each.
package struct CopyData: Hashable, Sendable {
    /// The data; any bytes, none included.
    package let bytes: [UInt8]

    /// Creates the message.
    package init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Takes the message's body, whatever it holds.
    package init(validating body: RawSpan) throws(ProtocolViolation) {
        bytes = [UInt8](copying: body)
    }
}

extension CopyData: FrontendMessage {
    package func encode(into buffer: inout FrontendBuffer) throws(FrontendMessageError) {
        try buffer.message(UInt8(ascii: "d")) { body throws(FrontendMessageError) in
            body.raw(bytes)
        }
    }
}

extension CopyData: Redacted {
    package var description: String { "CopyData(\(bytes.count) bytes)" }
}
