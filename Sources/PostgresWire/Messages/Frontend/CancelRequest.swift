/// Cancels what another session is doing; sent as the only message of a connection of its own.
package struct CancelRequest: FrontendMessage {
    /// The process ID of the backend, from its BackendKeyData.
    package let processID: Int32
    /// The secret of that backend.
    package let secretKey: [UInt8]

    /// Creates the message.
    package init(processID: Int32, secretKey: [UInt8]) {
        self.processID = processID
        self.secretKey = secretKey
    }

    package func encode(into buffer: inout FrontendBuffer) throws(FrontendMessageError) {
        try buffer.untypedMessage { body throws(FrontendMessageError) in
            body.integer(Self.code)
            body.integer(processID)
            body.raw(secretKey)
        }
    }

    /// The number where other messages have a protocol version.
    private static let code: Int32 = 80_877_102
}

extension CancelRequest: Redacted {
    package var description: String { "CancelRequest(processID: \(processID))" }
}
