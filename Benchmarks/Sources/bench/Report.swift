/// The table of medians, with every client as a ratio to libpq.
struct Report {
    let samples: [Client: [Sample]]
    let rows: Int
    let runs: Int

    var text: String {
        let header = """

            \(rows) narrow rows (int8, int4, float8) from PostgreSQL 15 over a Unix-domain socket, median of \(runs)

            | client | rows/s | client CPU ns/row | of libpq's | resident MiB over nothing |
            |---|--:|--:|--:|--:|
            """
        let lines = Client.all.filter { $0 != .nothing }.map(line)
        return ([header] + lines + [agreement]).joined(separator: "\n")
    }

    private func line(_ client: Client) -> String {
        let cpu = median(client) { $0.cpuNanoseconds } / Double(rows)
        let libpq = median(.libpq) { $0.cpuNanoseconds } / Double(rows)
        let rate = Double(rows) / median(client) { $0.wallNanoseconds } * 1e9
        let resident = median(client) { Double($0.residentKiB) } - median(.nothing) { Double($0.residentKiB) }
        return "| \(client.name) | \(Int(rate)) | \(rounded(cpu, 1)) | \(rounded(cpu / libpq, 2)) "
            + "| \(rounded(resident / 1024, 1)) |"
    }

    /// Whether every client saw the same rows in every run.
    private var agreement: String {
        let totals = Set(samples.filter { $0.key != .nothing }.values.joined().map { "\($0.rows) rows, sum \($0.sum)" })
        guard totals.count == 1 else { return "\nCLIENTS DISAGREE: \(totals.sorted())" }
        return "\nAll clients agree: \(totals.first ?? "")."
    }

    private func median(_ client: Client, _ value: (Sample) -> Double) -> Double {
        let sorted = (samples[client] ?? []).map(value).sorted()
        return sorted.isEmpty ? .nan : sorted[sorted.count / 2]
    }

    private func rounded(_ value: Double, _ digits: Int) -> String {
        let scale = digits == 1 ? 10.0 : 100.0
        return "\((value * scale).rounded() / scale)"
    }
}
