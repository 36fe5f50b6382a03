/// Everything that one metric's name stands for, as a snapshot reads it.
package protocol MetricFamily: Sendable {
    /// What the metric is called and what it means.
    var declaration: MetricDeclaration { get }

    /// Reads every series. `earlier` holds what was read before it in the same snapshot.
    func read(_ earlier: MetricReadings) -> [MetricSeriesReading]
}

/// What a metric is called and what it means: one entry of the catalogue.
package struct MetricDeclaration: Hashable, Sendable {
    /// The name without the prefix.
    package let name: String
    /// One sentence for a person who sees the name in a dashboard.
    package let help: String
    /// Counter, gauge or histogram.
    package let kind: MetricKind
    /// What it measures.
    package let unit: MetricUnit
    /// The names of its labels, in their order.
    package let labels: [String]
}

/// One series as it was read.
package struct MetricSeriesReading: Sendable {
    /// The labels' values, in the order of their names.
    package let labels: [String]
    /// What the instrument held.
    package let reading: MetricReading
}

/// What a snapshot has read so far, by the name of the metric.
package typealias MetricReadings = [String: [MetricSeriesReading]]

/// A metric with labels: one instrument for each combination of their values.
///
/// `family[.tcp, .refused].add()` finds the instrument, or makes it, without a lock. Whoever records often keeps it.
package struct MetricSeries<Instrument: MetricInstrument, each Label: MetricLabel>: MetricFamily {
    /// What the metric is called and what it means.
    package let declaration: MetricDeclaration
    private let table = InsertOnlyTable<Int, Instrument>(countMax: MetricLabelLimit.seriesMax)
    private let overflow: Instrument
    private let names: MetricNames

    init(_ name: String, _ help: String, _ unit: MetricUnit, _ names: MetricNames) {
        var labels: [String] = []
        repeat labels.append((each Label).name)
        declaration = MetricDeclaration(
            name: name, help: help, kind: Instrument.kind, unit: unit, labels: labels)
        self.names = names
        overflow = Instrument(unit: unit)
    }

    /// The instrument of these labels, or the one for all that are too many.
    package subscript(_ label: repeat each Label) -> Instrument {
        var key = 0
        func pack(_ number: Int) { key = key << MetricLabelLimit.bitsPerLabel | number }
        repeat pack((each label).number)
        return table.value(for: key) { _ in Instrument(unit: declaration.unit) } ?? overflow
    }

    /// Reads every series, ordered by the numbers of its labels.
    package func read(_ earlier: MetricReadings) -> [MetricSeriesReading] {
        let entries = table.entries.sorted { $0.key < $1.key }
        var readings = entries.map { MetricSeriesReading(labels: texts(of: $0.key), reading: $0.value.reading) }
        let rest = overflow.reading
        if !rest.isZero {
            let labels = declaration.labels.map { _ in MetricLabelLimit.overflow }
            readings.append(MetricSeriesReading(labels: labels, reading: rest))
        }
        return Self.merged(readings)
    }

    /// A query may well be called as those are that have no name or are too many; one series shows for both.
    private static func merged(_ readings: [MetricSeriesReading]) -> [MetricSeriesReading] {
        var positions: [[String]: Int] = [:]
        var merged: [MetricSeriesReading] = []
        for reading in readings {
            if let position = positions[reading.labels] {
                let sum = merged[position].reading + reading.reading
                merged[position] = MetricSeriesReading(labels: reading.labels, reading: sum)
            } else {
                positions[reading.labels] = merged.count
                merged.append(reading)
            }
        }
        return merged
    }

    private func texts(of key: Int) -> [String] {
        var texts: [String] = []
        var shift = declaration.labels.count * MetricLabelLimit.bitsPerLabel
        func append<One: MetricLabel>(_: One.Type) {
            shift -= MetricLabelLimit.bitsPerLabel
            texts.append(One.text(key >> shift & (MetricLabelLimit.valuesMax - 1), names))
        }
        repeat append((each Label).self)
        return texts
    }
}

/// A metric without labels.
struct SingleMetric<Instrument: MetricInstrument>: MetricFamily {
    let declaration: MetricDeclaration
    let instrument: Instrument

    func read(_ earlier: MetricReadings) -> [MetricSeriesReading] {
        [MetricSeriesReading(labels: [], reading: instrument.reading)]
    }
}

/// A metric that follows from others, so that it cannot disagree with them.
struct DerivedMetric: MetricFamily {
    let declaration: MetricDeclaration
    let derive: @Sendable (MetricReadings) -> [MetricSeriesReading]

    func read(_ earlier: MetricReadings) -> [MetricSeriesReading] { derive(earlier) }
}
