/// The limits of the design beside what was measured.
struct BudgetReport {
    let results: Results

    var text: String {
        var lines = [
            "| work | of | budget | measured | |", "|---|---|---|--:|---|",
        ]
        for result in results.comparisons {
            let comparison = result.comparison
            let pinning = comparison.pinning == .none ? "" : ", \(comparison.pinning.rawValue)"
            for budget in comparison.budgets {
                let measured = budget.measured(result)
                let verdict = measured.map { budget.isMet($0) ? "met" : "**not met**" } ?? "not measured"
                lines.append(
                    "| \(comparison.title), \(comparison.source.rawValue)\(pinning) | \(budget.own.name) | \(budget.text) "
                        + "| \(measured?.rounded(2) ?? "–") | \(verdict) |")
            }
        }
        return lines.joined(separator: "\n")
    }
}
