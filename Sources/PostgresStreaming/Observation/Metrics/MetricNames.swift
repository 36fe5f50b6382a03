/// The names that labels without a fixed set of values have had so far: names of queries and of Swift types.
///
/// Each registry has its own. A name keeps its number; when there are too many, the rest share one.
package final class MetricNames: Sendable {
    private let names = InsertOnlyTable<String, Int>(countMax: MetricLabelLimit.namesMax)

    /// The number of what has no room.
    static let overflowNumber = MetricLabelLimit.valuesMax - 1

    /// Returns the number of a name. Long names are cut, which may make two of them one.
    func number(of name: String) -> Int {
        let name = name.cut(charactersMax: MetricLabelLimit.nameCharactersMax, bytesMax: MetricLabelLimit.nameBytesMax)
        return names.value(for: name) { $0 } ?? Self.overflowNumber
    }

    /// The names by their numbers.
    var texts: [Int: String] {
        Dictionary(names.entries.map { ($0.value, $0.key) }) { first, _ in first }
    }
}

extension String {
    /// The front of the text that has no more characters and no more bytes than these: a character may be of any length.
    fileprivate func cut(charactersMax: Int, bytesMax: Int) -> String {
        guard utf8.count > bytesMax else { return String(prefix(charactersMax)) }
        var end = utf8.index(startIndex, offsetBy: bytesMax)
        while end.samePosition(in: unicodeScalars) == nil { end = utf8.index(before: end) }
        return String(self[..<end].prefix(charactersMax))
    }
}
