import PostgresTransport

/// Says once of an open stream that it has been open for long: the server keeps a snapshot for its query, and vacuum removes
/// no row that the snapshot may still see.
///
/// It has no timer: the reader of the stream looks at it where it looks at a clock anyway, and its waits end in time for
/// that. Pure: time comes with the questions.
package struct SnapshotWatch: Sendable {
    private let begun: MonotonicTime
    /// When it is to be said; nil where it was, or never is.
    package private(set) var end: MonotonicTime?

    /// - Parameter threshold: how long the stream may be open without that; nil for ever.
    package init(since begun: MonotonicTime, threshold: Duration?) {
        self.begun = begun
        end = threshold.map { begun + max($0, .zero) }
    }

    /// How long the stream has been open, if that is to be said now.
    package mutating func timeToReport(at now: MonotonicTime) -> Duration? {
        guard let end, end <= now else { return nil }
        self.end = nil
        return begun.duration(to: now)
    }

    /// The snapshot is given back, so there is nothing to report any more.
    package mutating func stop() { end = nil }
}
