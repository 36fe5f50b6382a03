/// Another session has notified a channel that this one listens on; it may come at any time outside a transaction.
package struct NotificationResponse: Hashable, Sendable {
    /// The process ID of the backend that notified.
    package let processID: Int32
    /// The name of the channel.
    package let channel: String
    /// The text that came with the notification; empty if there was none.
    package let payload: String

    /// Creates the message.
    package init(processID: Int32, channel: String, payload: String) {
        self.processID = processID
        self.channel = channel
        self.payload = payload
    }

    /// Decodes the message's body.
    package init(validating body: RawSpan) throws(ProtocolViolation) {
        var reader = MessageReader(body, of: "NotificationResponse")
        processID = try reader.integer()
        channel = try reader.string()
        payload = try reader.string()
        try reader.finish()
    }
}
