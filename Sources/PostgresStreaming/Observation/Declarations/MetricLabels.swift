import PostgresWire

// The labels that several groups of metrics share. One that a single group needs stands beside it.

/// What a query is called: `StreamOptions.name`.
package struct QueryName: MetricLabel {
    /// The label's name, as fraiseql-wire has it.
    package static let name = "entity"
    /// What queries are called that have no name.
    package static let unnamed = QueryName(number: 0)

    /// The name's number in its registry.
    package let number: Int

    /// The name with this number.
    package static func text(_ number: Int, _ names: MetricNames) -> String {
        number == 0 ? "unnamed" : names.texts[number - 1] ?? MetricLabelLimit.overflow
    }
}

/// What a Swift type is called that rows become.
package struct RowTypeName: MetricLabel {
    /// The label's name.
    package static let name = "type_name"

    /// The name's number in its registry.
    package let number: Int

    /// The name with this number.
    package static func text(_ number: Int, _ names: MetricNames) -> String {
        names.texts[number] ?? MetricLabelLimit.overflow
    }
}

/// The family of an error.
package struct ErrorCategory: MetricLabel {
    /// The label's name.
    package static let name = "error_category"

    /// The category's number.
    package let number: Int

    /// The label of an error.
    package init(_ error: PostgresError) {
        number = Self.texts.firstIndex(of: Self.text(error.category)) ?? Self.texts.count
    }

    private static let texts = Set(PostgresError.Code.all.map { text($0.category) }).sorted()

    /// As fraiseql-wire writes it.
    private static func text(_ category: PostgresError.Category) -> String {
        category == .configuration ? "config" : category.description.snakeCased
    }

    /// The category with this number.
    package static func text(_ number: Int, _ names: MetricNames) -> String {
        number < texts.count ? texts[number] : MetricLabelLimit.overflow
    }
}

/// The code of an error that a row could not be decoded for.
package struct ErrorReason: MetricLabel {
    /// The label's name.
    package static let name = "reason"

    /// The code's number.
    package let number: Int

    /// The label of an error.
    package init(_ error: PostgresError) {
        number = PostgresError.Code.all.firstIndex(of: error.code) ?? PostgresError.Code.all.count
    }

    /// The code with this number.
    package static func text(_ number: Int, _ names: MetricNames) -> String {
        let codes = PostgresError.Code.all
        return number < codes.count ? codes[number].description.snakeCased : MetricLabelLimit.overflow
    }
}

/// How a query ended.
package enum QueryStatus: Int, ClosedMetricLabel {
    case success, error, cancelled
    /// The label's name.
    package static let name = "status"
}

/// What was under way when an error came up.
package enum ErrorPhase: Int, ClosedMetricLabel {
    case connect, query, stream, decode
    /// The label's name.
    package static let name = "phase"
}
