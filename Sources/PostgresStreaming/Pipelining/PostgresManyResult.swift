/// What became of a statement that was run once for each of many rows of parameters.
public struct PostgresManyResult: Sendable {
    /// One row of parameters with which the statement failed.
    public struct Failure: Sendable {
        /// The row's place among the rows, from 0.
        public let rowIndex: Int
        /// Why it failed.
        public let error: PostgresError
    }

    /// The rows of parameters that took effect.
    public let rowCount: Int
    /// The rows of tables that the statement returned or touched, in all its runs.
    public let affectedRows: Int
    /// The first failures, in order; empty where all rows stand or fall together, because then the failure is thrown.
    public let failures: [Failure]
    /// How many rows failed.
    public let failureCount: Int

    /// How many failures are kept.
    static let failuresMax = 100

    init(_ rows: ManyRows) {
        rowCount = rows.doneCount
        affectedRows = rows.affectedCount
        failures = rows.failures
        failureCount = rows.failureCount
    }
}
