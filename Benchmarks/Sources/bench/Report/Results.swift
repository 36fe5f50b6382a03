/// Everything that one call of the program measured.
struct Results: Sendable {
    let machine: Machine
    let date: String
    let isQuick: Bool
    let runs: Int
    /// In the order in which they were measured.
    var comparisons: [ComparisonResult] = []

    /// The workloads that were measured.
    var workloads: [Workload] {
        Workload.allCases.filter { workload in comparisons.contains { $0.comparison.workload == workload } }
    }

    func comparisons(of workload: Workload) -> [ComparisonResult] {
        comparisons.filter { $0.comparison.workload == workload }
    }

    /// What makes the exit code 1.
    var failures: [String] {
        comparisons.flatMap { result in
            let disagreement = result.disagreement.map { ["CLIENTS DISAGREE about \(result.comparison.title): \($0)"] }
            return (disagreement ?? []) + result.ownFailures.map { "\(result.comparison.title): \($0)" }
        }
    }
}
