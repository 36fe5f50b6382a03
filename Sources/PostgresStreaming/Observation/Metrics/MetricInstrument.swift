/// What a metric counts with. Recording never locks, never waits and never allocates; any thread may record.
package protocol MetricInstrument: AnyObject, Sendable {
    /// What the instrument is, as Prometheus names it.
    static var kind: MetricKind { get }

    /// Creates an instrument that nothing was recorded in.
    ///
    /// - Parameter unit: what its whole numbers stand for; decides the bounds of a histogram.
    init(unit: MetricUnit)

    /// What was recorded so far.
    var reading: MetricReading { get }
}

/// What an instrument is, as Prometheus names it.
public enum MetricKind: String, Hashable, Sendable {
    /// A number that only grows.
    case counter
    /// A number that goes up and down.
    case gauge
    /// How often which sizes occurred.
    case histogram
}

/// What a metric measures. Readings are in whole numbers; snapshots and text are in base units.
public enum MetricUnit: String, Hashable, Sendable {
    /// Things that are counted.
    case count
    /// Rows.
    case rows
    /// Bytes.
    case bytes
    /// Times, which are recorded in nanoseconds and shown in seconds.
    case seconds
    /// Times, recorded in nanoseconds and shown in milliseconds: for names of that unit only.
    case milliseconds

    /// How many recorded units make one of the unit that is shown.
    var divisor: Double {
        switch self {
        case .count, .rows, .bytes: 1
        case .seconds: 1e9
        case .milliseconds: 1e6
        }
    }
}

/// What one instrument held at a moment, in whole numbers.
package enum MetricReading: Hashable, Sendable {
    /// A counter's or gauge's value.
    case number(Int)
    /// A histogram's buckets, the last of which has no upper bound, and the sum of what was recorded.
    case buckets([Int], sum: Int)

    /// What two series counted that show as one.
    static func + (one: MetricReading, other: MetricReading) -> MetricReading {
        switch (one, other) {
        case (.number(let one), .number(let other)): .number(one + other)
        case (.buckets(let one, let sum), .buckets(let other, let otherSum)):
            .buckets(zip(one, other).map(+), sum: sum + otherSum)
        default: one
        }
    }

    /// Whether anything was recorded, as far as the reading can tell.
    package var isZero: Bool {
        switch self {
        case .number(let value): value == 0
        case .buckets(let counts, _): counts.allSatisfy { $0 == 0 }
        }
    }
}
