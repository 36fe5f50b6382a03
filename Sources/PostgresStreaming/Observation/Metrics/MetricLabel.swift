/// One of the values that a label of a metric can have. There are never more than a known number of them.
package protocol MetricLabel: Sendable {
    /// The label's name.
    static var name: String { get }

    /// The value's number, below `MetricLabelLimit.valuesMax`.
    var number: Int { get }

    /// How the value with this number reads.
    static func text(_ number: Int, _ names: MetricNames) -> String
}

/// A label whose values are written down: the cases of an enum, which read in lower case with underscores.
package protocol ClosedMetricLabel: MetricLabel, RawRepresentable<Int> {
    /// How the value reads; by default the case's name.
    var text: String { get }
}

extension ClosedMetricLabel {
    /// The case's number.
    package var number: Int { rawValue }

    /// The case's name, in lower case with underscores.
    package var text: String { "\(self)".snakeCased }

    /// How the case with this number reads.
    package static func text(_ number: Int, _ names: MetricNames) -> String {
        Self(rawValue: number)?.text ?? MetricLabelLimit.overflow
    }
}

/// How many values and series there can be.
package enum MetricLabelLimit {
    /// The most names of queries, and of Swift types, that a registry tells apart. What comes later is `overflow`.
    package static let namesMax = 100
    /// The most series of one metric. What comes later goes to the one whose labels are all `overflow`.
    package static let seriesMax = 512
    /// What a label reads whose own value is one too many.
    package static let overflow = "other"
    /// A name's characters beyond so many are left out.
    static let nameCharactersMax = 96
    /// And so many bytes, of which one character may have any number.
    static let nameBytesMax = 4 * nameCharactersMax
    /// The most values of any label.
    static let valuesMax = 1 << bitsPerLabel
    /// Labels are packed into one number.
    static let bitsPerLabel = 16
}

extension String {
    /// `connectionLost` as `connection_lost`.
    var snakeCased: String {
        var text = ""
        for character in self {
            if character.isUppercase {
                text += "_" + character.lowercased()
            } else {
                text.append(character)
            }
        }
        return text
    }
}
