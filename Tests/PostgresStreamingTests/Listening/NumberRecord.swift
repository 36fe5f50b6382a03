import PostgresStreaming

/// What a listener delivered of notifications that are numbered from 1.
struct NumberRecord {
    private(set) var last = 0
    private(set) var gapCount = 0
    private(set) var listeningCount = 0
    /// What should not have been.
    private(set) var problems: [String] = []
    /// Whether a gap was delivered since the last number.
    private var isAtGap = false

    mutating func add(_ element: PostgresListener.Element) {
        switch element {
        case .listening: listeningCount += 1
        case .gap:
            gapCount += 1
            isAtGap = true
        case .notification(let notification):
            let number = Int(notification.payload) ?? -1
            if number <= last { problems.append("\(number) after \(last)") }
            // Before the first one the session did not listen yet.
            if number != last + 1, !isAtGap, last > 0 { problems.append("\(number) after \(last) without a gap") }
            last = number
            isAtGap = false
        }
    }
}

extension PostgresListener.Element {
    /// The channels of a `listening`.
    var channels: [String]? { if case .listening(let channels) = self { channels } else { nil } }
    /// The notification of a `notification`.
    var notification: PostgresNotification? {
        if case .notification(let notification) = self { notification } else { nil }
    }
}
