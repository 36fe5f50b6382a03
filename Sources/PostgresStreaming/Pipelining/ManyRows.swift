/// What becomes of the rows of parameters with which one statement is run.
final class ManyRows {
    /// The rows that were said.
    var saidCount = 0
    /// The rows with which the statement ran, whatever became of that later.
    private(set) var ranCount = 0
    /// The rows whose fate is known.
    private(set) var settledCount = 0
    /// The rows that took effect.
    private(set) var doneCount = 0
    /// The rows of tables that the statement returned or touched, in all its runs.
    private(set) var affectedCount = 0
    /// The rows that failed, from the first on.
    private(set) var failures: [PostgresManyResult.Failure] = []
    /// How many failed.
    private(set) var failureCount = 0
    /// The rows of which it is not known whether they took effect.
    private(set) var unknownCount = 0
    /// Which row failed last.
    private(set) var failedIndex: Int?

    func noteRan(_ count: Int, affected: Int) {
        ranCount += count
        // The server says how many, and may say anything.
        let (sum, isTooMany) = affectedCount.addingReportingOverflow(affected)
        affectedCount = isTooMany ? .max : sum
    }

    /// It is known what became of the next `count` rows.
    func settle(_ outcome: PipelineOutcome, count: Int, _ failure: PostgresError?) {
        if let failure {
            // What fails at the end of all of them is about none of them.
            failedIndex = count == 1 ? settledCount : nil
            failureCount += count
            if count == 1, failures.count < PostgresManyResult.failuresMax {
                failures.append(
                    PostgresManyResult.Failure(
                        rowIndex: settledCount, error: PostgresError(failure, ofStatement: settledCount)))
            }
        }
        settledCount += count
        switch outcome {
        case .tookEffect: doneCount += count
        case .unknown: unknownCount += count
        case .undone, .notRun: break
        }
    }
}
