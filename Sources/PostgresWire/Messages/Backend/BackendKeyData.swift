/// What a CancelRequest has to show to cancel this session's queries.
package struct BackendKeyData: Hashable, Sendable {
    /// The process ID of the backend.
    package let processID: Int32
    /// The secret: 4 bytes in protocol 3.0, up to 256 in 3.2.
    package let secretKey: [UInt8]

    /// Creates the message.
    package init(processID: Int32, secretKey: [UInt8]) {
        self.processID = processID
        self.secretKey = secretKey
    }

    /// Decodes the message's body.
    package init(validating body: RawSpan) throws(ProtocolViolation) {
        var reader = MessageReader(body, of: "BackendKeyData")
        processID = try reader.integer()
        guard Self.secretKeyBytes.contains(reader.remaining) else {
            throw reader.malformed("holds a key that is too short or too long")
        }
        secretKey = [UInt8](copying: reader.rest())
        try reader.finish()
    }

    private static let secretKeyBytes = 4...256
}

extension BackendKeyData: Redacted {
    package var description: String { "BackendKeyData(processID: \(processID))" }
}
