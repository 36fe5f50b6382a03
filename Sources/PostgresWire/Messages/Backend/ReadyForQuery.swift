/// The server has finished a query cycle and waits for the next.
package struct ReadyForQuery: Hashable, Sendable {
    /// Whether a transaction block is open.
    package let status: TransactionStatus

    /// Creates the message.
    package init(status: TransactionStatus) {
        self.status = status
    }

    /// Decodes the message's body.
    package init(validating body: RawSpan) throws(ProtocolViolation) {
        var reader = MessageReader(body, of: "ReadyForQuery")
        guard let status = TransactionStatus(rawValue: try reader.uint8()) else {
            throw reader.malformed("holds an unknown transaction status")
        }
        self.status = status
        try reader.finish()
    }
}
