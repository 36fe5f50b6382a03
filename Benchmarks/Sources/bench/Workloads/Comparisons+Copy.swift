extension Comparisons {
    /// COPY: out as it comes, out as rows, and in from structs.
    var copies: [Comparison] {
        let libpq = Client(name: "libpq 15, PQgetCopyData", program: .built("client-libpq"), role: .yardstick)
        let asyncpg = Client(
            name: "asyncpg, copy_records_to_table", program: .python("client_asyncpg.py"), role: .yardstick)
        let sql = "SELECT id, a, b FROM narrow"
        let guess = Double(scale.narrowRows) / 4e6
        return [
            Comparison(
                workload: .copy, kind: .pipeline, title: "COPY out in binary: int8, int4, float8, as it comes",
                job: "copy-out", sql: sql, rows: scale.narrowRows, clients: [libpq, .own(), .own(place: "pool")],
                budgets: [Budget(figure: .cpuPerRow, own: .own(), limit: 0.8, yardstick: .times(libpq))],
                secondsGuess: guess),
            Comparison(
                workload: .copy, kind: .pipeline, title: "the same, decoded; libpq hands out the bytes",
                job: "copy-rows", sql: sql, rows: scale.narrowRows,
                clients: [libpq, .own(shape: "struct"), .own(shape: "tuple")],
                budgets: [Budget(figure: .cpuPerRow, own: .own(shape: "struct"), limit: 1, yardstick: .times(libpq))],
                isChecked: false, secondsGuess: guess),
            Comparison(
                workload: .copy, kind: .pipeline, title: "COPY in, in binary: five columns from structs",
                job: "copy-in", rows: scale.copiedRows, clients: [asyncpg, .own(), .own(place: "pool")],
                budgets: [Budget(figure: .cpuPerRow, own: .own(), limit: 0.5, yardstick: .times(asyncpg))],
                isChecked: false, secondsGuess: Double(scale.copiedRows) * 2e-6),
        ]
    }
}
