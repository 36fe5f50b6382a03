/// What decoding costs beside streaming.
extension Comparisons {
    /// Rows of fixed width, for which nothing may be allocated.
    var fixed: Comparison {
        let own = Client.own(shape: "struct")
        return Comparison(
            workload: .fixed, title: "fixed: 15 columns of fixed width into a struct", job: "fixed",
            sql: "SELECT * FROM fixed",
            columns: "iiixxxxxxxxxxxx", rows: scale.wideRows, clients: [.libpq, own],
            // A stream allocates its buffers and what an error or a wait takes, and nothing per row.
            budgets: [Budget(figure: .allocationsPerRow, own: own, limit: 0.1, yardstick: .absolute)],
            notes: ["libpq takes three integers out and leaves the rest; ours decodes all columns."],
            secondsGuess: Double(scale.wideRows) / 1e6)
    }

    /// Every type of value by itself.
    var values: [Comparison] {
        [("binary", "decoded from binary"), ("text", "decoded from text"), ("encode", "encoded")].map { way, title in
            Comparison(
                workload: .values, kind: .values, title: "values \(title)", job: "value", rows: scale.values,
                clients: Self.valueNames.map { name in
                    Client(
                        name: name, program: .built("client-swift"), arguments: ["--value", name, "--way", way],
                        role: .own)
                }, isChecked: false, secondsGuess: Double(scale.values) / 2e7)
        }
    }

    /// The names that `client-swift` has for its values.
    private static let valueNames = [
        "bool", "int2", "int4", "int8", "oid", "float4", "float8", "numeric", "money", "text of 10", "text of 80",
        "bytea of 32", "jsonb of 40", "uuid", "bit varying of 20", "date", "time", "timetz", "timestamp", "timestamptz",
        "interval", "inet", "macaddr", "pg_lsn", "point", "box", "int4range", "int4[] of 10", "text[] of 3",
        "tsvector of 3",
    ]
}
