import Synchronization

/// A number that only grows.
package final class Counter: MetricInstrument {
    private let value = Atomic<Int>(0)

    /// Creates a counter at zero.
    package init(unit: MetricUnit = .count) {}

    /// A counter.
    package static var kind: MetricKind { .counter }

    /// Adds `count`, which is not negative.
    ///
    /// Releasing, so that who sees an end that was counted sees the beginning that was counted before it.
    package func add(_ count: Int = 1) { value.wrappingAdd(count, ordering: .releasing) }

    /// The count so far.
    package var reading: MetricReading { .number(value.load(ordering: .acquiring)) }
}
