import Synchronization

/// A number that goes up and down.
package final class Gauge: MetricInstrument {
    private let value = Atomic<Int>(0)

    /// Creates a gauge at zero.
    package init(unit: MetricUnit = .count) {}

    /// A gauge.
    package static var kind: MetricKind { .gauge }

    /// Moves the gauge up, or down by a negative number. Several that share a gauge add up.
    package func add(_ change: Int) { value.wrappingAdd(change, ordering: .releasing) }

    /// Sets the gauge, whatever it was.
    package func set(_ newValue: Int) { value.store(newValue, ordering: .releasing) }

    /// The value now.
    package var reading: MetricReading { .number(value.load(ordering: .acquiring)) }
}
