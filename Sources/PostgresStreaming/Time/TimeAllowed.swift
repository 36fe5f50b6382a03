import PostgresTransport

/// A time limit that has begun to run.
struct TimeAllowed: Sendable {
    /// The whole of it.
    let limit: Duration
    /// When it is over.
    let end: MonotonicTime

    /// Begins to run now.
    init(_ limit: Duration) {
        self.limit = limit.asLimit
        end = .now + self.limit
    }

    /// What is left of it.
    var left: Duration { max(MonotonicTime.now.duration(to: end), .zero) }

    /// Whether nothing is left of it.
    var isOver: Bool { MonotonicTime.now >= end }

    /// The one that is over first; nil where there is none.
    static func tightest(_ limits: TimeAllowed?...) -> TimeAllowed? {
        limits.compactMap(\.self).min { $0.end < $1.end }
    }
}
