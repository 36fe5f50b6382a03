/// The names that labels without a fixed set of values have had so far: names of queries and of Swift types.
///
/// Each registry has its own. A name keeps its number; when there are too many, the rest share one.
package final class MetricNames: Sendable {
    private let names = InsertOnlyTable<String, Int>(countMax: MetricLabelLimit.namesMax)

    /// The number of what has no room.
    static let overflowNumber = MetricLabelLimit.valuesMax - 1

    /// Returns the number of a name. Long names are cut, which may make two of them one.
    func number(of name: String) -> Int {
        let name = String(name.prefix(MetricLabelLimit.nameCharactersMax))
        return names.value(for: name) { $0 } ?? Self.overflowNumber
    }

    /// The names by their numbers.
    var texts: [Int: String] {
        Dictionary(names.entries.map { ($0.value, $0.key) }) { first, _ in first }
    }
}
