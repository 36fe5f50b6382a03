/// Collects what is declared while a registry is made.
///
/// A group of metrics is a struct whose initialiser declares each of its properties here, which is all there is to do:
/// what is declared shows in snapshots and in the Prometheus text.
package struct MetricCatalogue {
    /// What was declared, in order. Beginnings are declared before ends: a snapshot reads the ends first.
    private(set) var families: [any MetricFamily] = []
    let names: MetricNames

    init(_ names: MetricNames) { self.names = names }

    /// Declares a counter without labels. Its name ends in `_total`.
    package mutating func counter(_ name: String, _ help: String, unit: MetricUnit = .count) -> Counter {
        single(name, help, unit)
    }

    /// Declares a gauge without labels.
    package mutating func gauge(_ name: String, _ help: String, unit: MetricUnit = .count) -> Gauge {
        single(name, help, unit)
    }

    /// Declares a histogram without labels.
    package mutating func histogram(_ name: String, _ help: String, unit: MetricUnit) -> Histogram {
        single(name, help, unit)
    }

    /// Declares a metric with labels; kind and labels follow from the property it is assigned to.
    package mutating func series<Instrument: MetricInstrument, each Label: MetricLabel>(
        _ name: String, _ help: String, unit: MetricUnit = .count
    ) -> MetricSeries<Instrument, repeat each Label> {
        let family = MetricSeries<Instrument, repeat each Label>(name, help, unit, names)
        families.append(family)
        return family
    }

    /// Declares a metric that follows from others, which are declared before it.
    package mutating func derived(
        _ declaration: MetricDeclaration, _ derive: @escaping @Sendable (MetricReadings) -> [MetricSeriesReading]
    ) {
        families.append(DerivedMetric(declaration: declaration, derive: derive))
    }

    private mutating func single<Instrument: MetricInstrument>(
        _ name: String, _ help: String, _ unit: MetricUnit
    ) -> Instrument {
        let instrument = Instrument(unit: unit)
        let declaration = MetricDeclaration(name: name, help: help, kind: Instrument.kind, unit: unit, labels: [])
        families.append(SingleMetric(declaration: declaration, instrument: instrument))
        return instrument
    }
}
