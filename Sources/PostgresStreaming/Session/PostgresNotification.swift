import PostgresWire

/// What another session, or this one, told the listeners of a channel (manual: "NOTIFY").
public struct PostgresNotification: Hashable, Sendable {
    /// The name of the channel.
    public let channel: String
    /// The text that was sent along; empty where there was none.
    public let payload: String
    /// The process ID of the server process whose session notified.
    public let processID: Int32
    /// When the notification arrived here, by the clock of this machine.
    public let receivedAt: PostgresTimestampTZ

    /// Creates a notification, such as for a test of what handles them.
    public init(channel: String, payload: String, processID: Int32, receivedAt: PostgresTimestampTZ) {
        self.channel = channel
        self.payload = payload
        self.processID = processID
        self.receivedAt = receivedAt
    }

    init(_ message: NotificationResponse, receivedAt: PostgresTimestampTZ) {
        self.init(
            channel: message.channel, payload: message.payload, processID: message.processID, receivedAt: receivedAt)
    }

    /// The payload as the bytes that were sent.
    public var bytes: [UInt8] { Array(payload.utf8) }

    /// The memory that it takes, about.
    var byteCount: Int { channel.utf8.count + payload.utf8.count + 64 }

    /// The most that one takes, about: servers built as usual allow 7,999 bytes of payload and 63 of a name.
    static let byteCountMax = 8_192
}

/// What is given the notifications of a session as they arrive.
protocol NotificationReceiver: AnyObject, Sendable {
    /// Takes a notification; called by the task that reads.
    ///
    /// - Returns: whether there is room for another one.
    func receive(_ notification: PostgresNotification) -> Bool
}
