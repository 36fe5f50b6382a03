/// What waits for the consumer of a listener, in the order in which it is delivered.
///
/// Notifications are kept within a number and a sum of bytes. Marks, such as a gap, stand before the notification that they
/// belong to; those of a notification that is dropped move to the next one and are joined with its own there. So their number
/// is bounded as well, and a gap never moves past a notification that came after it.
struct NotificationQueue: Sendable {
    /// What is said before a notification: the gaps first, then the channels that are listened to.
    struct Marks: Sendable {
        var loss: ListenerLoss?
        var dropped: (count: Int, since: PostgresTimestampTZ)?
        var channels: [String]?

        /// Adds what is to be said after this.
        mutating func append(_ later: Marks) {
            if loss == nil { loss = later.loss }
            if let more = later.dropped {
                dropped = (more.count + (dropped?.count ?? 0), dropped?.since ?? more.since)
            }
            channels = later.channels ?? channels
        }

        mutating func take() -> PostgresListener.Element? {
            if let loss {
                self.loss = nil
                return .gap(loss.reason, since: loss.since)
            }
            if let dropped {
                self.dropped = nil
                return .gap(.overflow(dropped.count), since: dropped.since)
            }
            defer { channels = nil }
            return channels.map { .listening($0) }
        }
    }

    private struct Entry {
        var marks: Marks
        let notification: PostgresNotification
    }

    private var entries: [Entry?] = []
    /// The index of the first entry that is left.
    private var first = 0
    /// The marks after the last notification.
    private var last = Marks()
    /// The memory that the notifications take, about.
    private(set) var bytes = 0

    /// The notifications that wait.
    var count: Int { entries.count - first }

    mutating func append(_ marks: Marks) { last.append(marks) }

    mutating func append(_ notification: PostgresNotification) {
        entries.append(Entry(marks: last, notification: notification))
        last = Marks()
        bytes += notification.byteCount
    }

    /// Drops the oldest notification, and says so in its place.
    mutating func dropOldest() {
        guard var entry = takeFirst() else { return }
        entry.marks.append(Marks(dropped: (1, entry.notification.receivedAt)))
        if first < entries.count, let next = entries[first]?.marks {
            entry.marks.append(next)
            entries[first]?.marks = entry.marks
        } else {
            entry.marks.append(last)
            last = entry.marks
        }
    }

    /// Takes out what is to be delivered next; nil where nothing waits.
    mutating func take() -> PostgresListener.Element? {
        guard first < entries.count else { return last.take() }
        if let mark = entries[first]?.marks.take() { return mark }
        return takeFirst().map { .notification($0.notification) }
    }

    private mutating func takeFirst() -> Entry? {
        guard first < entries.count, let entry = entries[first] else { return nil }
        entries[first] = nil
        first += 1
        bytes -= entry.notification.byteCount
        if first == entries.count || first >= Self.takenMax, first * 2 >= entries.count {
            entries.removeFirst(first)
            first = 0
        }
        return entry
    }

    /// As many places of notifications that were taken are kept, at most, or as many as still wait.
    private static let takenMax = 64
}

/// That a session was lost in which notifications were listened to.
struct ListenerLoss: Sendable {
    let reason: PostgresListener.GapReason
    let since: PostgresTimestampTZ
}
