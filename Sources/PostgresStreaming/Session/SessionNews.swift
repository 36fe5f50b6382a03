import PostgresTransport
import PostgresWire

/// What the server said by itself, kept until somebody asks for it; also while a stream is open or being left.
final class SessionNews: Sendable {
    struct State {
        var notices = BoundedLog<PostgresNotice>(countMax: countMax, bytesMax: noticeBytesMax)
        var changes = BoundedLog<PostgresParameterChange>(countMax: countMax, bytesMax: changeBytesMax)
        var notifications = BoundedLog<PostgresNotification>(countMax: notificationCountMax, bytesMax: noticeBytesMax)
        /// Whether the notifications were ever asked for.
        var takesNotifications = false
        /// What is given the notifications at once; nil where they are kept until they are asked for.
        var receiver: (any NotificationReceiver)?
        var parameters: [String: String] = [:]
        var transactionStatus = PostgresTransactionStatus.idle
        /// How far the server was in the write-ahead log when it was asked last; nil where it was not.
        var logProgress: LogProgress?
    }

    private let state = Locked(State())

    /// As many notices, and as many changes, are kept; older ones go first.
    private static let countMax = 100
    /// As many notifications are kept; older ones go first.
    private static let notificationCountMax = 1_000
    /// So much memory may the notices take, and as much the notifications.
    private static let noticeBytesMax = 1 << 20
    /// So much memory may the changes take: several times what all parameters may.
    private static let changeBytesMax = 256 << 10

    func read<Result: Sendable>(_ body: (inout State) -> Result) -> Result { state.withLock { body(&$0) } }

    /// Forgets what is nobody's business any more; what the parameters are stays known.
    func clear() {
        state.withLock { state in
            state.notices.clear()
            state.changes.clear()
            state.notifications.clear()
            state.takesNotifications = false
        }
    }

    /// From now on each notification goes to `receiver` as it arrives.
    func deliverNotifications(to receiver: any NotificationReceiver) {
        state.withLock { $0.receiver = receiver }
    }

    /// Hands a notification to its receiver, or keeps it.
    ///
    /// - Returns: whether it is the first of those that were never asked for, and whether there is room for another one.
    func note(_ notification: PostgresNotification) -> (isFirst: Bool, hasRoom: Bool) {
        let (receiver, isFirst) = state.withLock { state -> ((any NotificationReceiver)?, Bool) in
            if let receiver = state.receiver { return (receiver, false) }
            let isFirst = !state.takesNotifications && state.notifications.isUntouched
            state.notifications.append(notification, bytes: notification.byteCount)
            return (nil, isFirst)
        }
        return (isFirst, receiver?.receive(notification) ?? true)
    }

    func note(_ notice: PostgresNotice) {
        state.withLock { $0.notices.append(notice, bytes: notice.byteCount) }
    }

    /// The session has come about with these parameters.
    func begin(with parameters: [String: String]) {
        state.withLock { $0.parameters = parameters }
    }

    func note(_ status: ParameterStatus) {
        state.withLock { state in
            state.parameters[status.name] = status.value
            let change = PostgresParameterChange(name: status.name, value: status.value)
            state.changes.append(change, bytes: change.byteCount)
        }
    }

    func note(_ status: TransactionStatus) {
        state.withLock { $0.transactionStatus = PostgresTransactionStatus(status) }
    }
}
