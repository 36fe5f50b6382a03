/// One row of a query of which one column comes in pieces; see `PostgresLargeRows`.
///
/// It is good until the next row is asked for.
public struct PostgresLargeRow {
    private let pass: LargeValuePass
    private let number: Int
    /// The columns before the value.
    public let leading: Row
    /// The value, in pieces as they are received; nil for NULL.
    public let value: PostgresLargeValue?

    init(_ pass: LargeValuePass, number: Int, leading: Row, value: PostgresLargeValue?) {
        self.pass = pass
        self.number = number
        self.leading = leading
        self.value = value
    }

    /// Returns the columns after the value, after reading past what is left of that. May be called again.
    ///
    /// - Throws: as the stream of rows; `invalidState` once the next row was asked for.
    public nonisolated(nonsending) func trailing() async throws(PostgresError) -> Row {
        try await pass.trailing(ofRow: number)
    }
}
