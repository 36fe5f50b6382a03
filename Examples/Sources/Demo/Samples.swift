import PostgresStreaming

/// The first few documents of a stream, for the eye.
enum Samples {
    private static let countMax = 3
    private static let charactersMax = 400

    static func show(_ chunk: RowChunk) {
        print("The first documents:")
        for row in chunk.prefix(countMax) { print("  \(text(of: row))") }
    }

    private static func text(of row: Row) -> String {
        do throws(PostgresError) {
            guard !row.columns.isEmpty else { return "a row without columns" }
            let document = try row.decode(column: 0, as: String?.self) ?? "NULL"
            let shown = document.prefix(charactersMax)
            return printable(shown) + (shown.endIndex < document.endIndex ? "…" : "")
        } catch {
            return "a value of type \(row.columns[0].type)"
        }
    }

    /// What a table holds must not steer the terminal.
    private static func printable(_ text: Substring) -> String {
        String(
            String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
    }
}
