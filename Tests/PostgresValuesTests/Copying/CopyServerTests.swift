import PostgresTestSupport
import PostgresValues
import PostgresWire
import Testing

/// The formats as the servers themselves write and read them.
@Suite(.timeLimit(.minutes(10))) struct CopyServerTests {
    private static let table = PostgresIdentifier("pg_temp", "copied")

    private static func options() -> [(PostgresCopyFormat, PostgresCopyFormat)] {
        var quoted = CopyCSVOptions(delimiter: ";", null: "nil", quote: "'", escape: "\\", header: .present)
        let asRead = PostgresCopyFormat.csv(quoted)
        quoted.forceQuote = .columns(["b", "c"])
        let plain: [PostgresCopyFormat] = [
            .text, .csv, .text(CopyTextOptions(delimiter: "|", null: "", header: .present)), .binary,
            .csv(CopyCSVOptions(delimiter: "\t", null: "\\N")),
        ]
        return plain.map { ($0, $0) } + [(.csv(quoted), asRead)]
    }

    @Test(arguments: [(LiveServer.postgres15, 100_000), (.postgres18, 5_000)])
    func `what is written here is what the server reads and writes, byte for byte`(
        _ live: LiveServer, count: Int
    ) async throws {
        let seed = UInt64.random(in: .min ... .max)
        print("copied records: seed \(seed)")
        var samples = CopySamples(seed: seed)
        let records = samples.records(count)
        try await CopyFiles.with(live) { files in
            // A table has no order of its own: a small row goes where there is room.
            let table = PostgresCopyTarget.table(Self.table, columns: ["a", "b", "c"])
            let rows = PostgresCopySource.query("SELECT a, b, c FROM \(Self.table) ORDER BY number")
            var script = "CREATE TEMP TABLE copied (number serial, a text, b text, c text);\n"
            for (index, (out, into)) in Self.options().enumerated() {
                let kept = Self.writable(records, out)
                try files.write(try Self.written(kept, out), to: "in\(index)")
                script += files.sql(try table.statement(as: into), file: "in\(index)")
                script += files.sql(try rows.statement(as: out), file: "out\(index)")
                script += "TRUNCATE copied;\n"
            }
            try await files.run(script)
            for (index, (out, into)) in Self.options().enumerated() {
                let written = try files.read("in\(index)")
                let copied = try files.read("out\(index)")
                let isSame = written == copied
                #expect(isSame, "seed \(seed), \(out)")
                try Self.expect(copied, reads: Self.writable(records, out), into, "seed \(seed), \(out)")
            }
        }
    }

    /// The records without those that the server cannot tell apart in the format.
    private static func writable(_ records: [[String?]], _ format: PostgresCopyFormat) -> [[String?]] {
        guard case .text(let options) = format.kind, options.null.isEmpty else { return records }
        return records.filter { !$0.contains("") }
    }

    private static func written(_ records: [[String?]], _ format: PostgresCopyFormat) throws -> [UInt8] {
        struct Record: RowEncodable {
            let values: [String?]
            func encode(into row: inout CopyRow) throws(PostgresError) {
                for value in values { try row.write(value) }
            }
        }
        let columns = ["a", "b", "c"].map { CopyColumn(name: $0, type: .text) }
        var row = try CopyRow(columns: columns, format: format)
        try row.appendHeader()
        for record in records { try row.append(Record(values: record)) }
        row.appendTrailer()
        return row.encoded
    }

    private static func expect(
        _ data: [UInt8], reads records: [[String?]], _ format: PostgresCopyFormat, _ comment: Comment
    ) throws {
        // Pieces of a prime number of bytes begin anywhere within a record.
        let pieces = stride(from: 0, to: data.count, by: 4099).map { Array(data[$0..<min($0 + 4099, data.count)]) }
        let reading =
            switch format.kind {
            case .text(let options): CopyReading.of(try CopyTextReader(options), pieces)
            case .csv(let options): CopyReading.of(try CopyCSVReader(options), pieces)
            case .binary: CopyReading.of(CopyBinaryReader(), pieces)
            }
        #expect(reading.message == nil, comment)
        let isSame = reading.records == records
        #expect(isSame, comment)
    }

    // MARK: data that may be refused

    private static let textPieces = [
        "\\", "\\N", "N", "\\.", ".", "x", "\\x4", "\\x", "1", "7", "\\10", "\\3", "\t", "\n", "\\\n", "\r", "a", "é",
        "\\\\", "\\t", "\\b", "nil", "\\|", "|",
    ]
    private static let csvPieces = [
        "\"", "\"\"", "\"a\"", "'", "''", "\\", "\\.", "\\'", "\\\\", ",", ";", "a", "é", "\n", "\r", "\r\n", "\"\n\"",
        "nil", "\"nil\"", "'nil'", " ",
    ]

    @Test(arguments: LiveServer.allCases)
    func `data is read or refused as by the server`(_ live: LiveServer) async throws {
        let seed = UInt64.random(in: .min ... .max)
        print("copied data: seed \(seed)")
        var samples = CopySamples(seed: seed)
        var forced = CopyCSVOptions(null: "nil")
        forced.forceNull = .columns(["a"])
        forced.forceNotNull = .columns(["b"])
        let formats: [(PostgresCopyFormat, String, [String])] = [
            (.text, "\t", Self.textPieces), (.text(CopyTextOptions(delimiter: "|", null: "nil")), "|", Self.textPieces),
            (.csv, ",", Self.csvPieces),
            (.csv(CopyCSVOptions(delimiter: ";", null: "nil", quote: "'", escape: "\\")), ";", Self.csvPieces),
            (.csv(forced), ",", Self.csvPieces),
        ]
        for (format, delimiter, pieces) in formats {
            let data = (0..<1500).map { _ in samples.data(delimiter: delimiter, pieces: pieces) }
            let outcomes = try await Self.outcomes(data, format, live)
            try #require(outcomes.count == data.count)
            var readings = 0
            for (data, outcome) in zip(data, outcomes) {
                let reading = try Self.outcome(data, format, isBefore18: live == .postgres15)
                guard let reading else { continue }
                if !reading.hasPrefix("refused") { readings += 1 }
                let isSame = reading == outcome || reading.hasPrefix("refused") && outcome.hasPrefix("refused")
                let text = String(decoding: data, as: UTF8.self).debugDescription
                #expect(isSame, "seed \(seed): \(text) by the server: \(outcome), and here: \(reading)")
            }
            #expect(readings > 300, "most of the data is to be read, or this says little")
        }
    }

    /// What the server makes of each of these, one line for each: the fields in hexadecimal, or why it refuses.
    private static func outcomes(
        _ data: [[UInt8]], _ format: PostgresCopyFormat, _ live: LiveServer
    ) async throws -> [String] {
        var lines: [String] = []
        try await CopyFiles.with(live) { files in
            for (index, data) in data.enumerated() { try files.write(data, to: "\(index)") }
            let statement = try PostgresCopyTarget.table(Self.table).statement(as: format)
            let parts = statement.split(separator: "STDIN", maxSplits: 1)
            let columns = ["a", "b"].map { "coalesce(encode(convert_to(\($0), 'UTF8'), 'hex'), '-')" }
            try await files.run(
                """
                CREATE TEMP TABLE copied (a text, b text);
                CREATE TEMP TABLE outcome (number int, result text);
                DO $do$ BEGIN
                    FOR number IN 0..\(data.count - 1) LOOP
                        BEGIN
                            EXECUTE $q$\(parts[0])$q$ || quote_literal('\(files.folder)/' || number) || $q$\(parts[1])$q$;
                            INSERT INTO outcome SELECT number, coalesce(
                                string_agg(\(columns.joined(separator: " || ',' || ")), ';' ORDER BY ctid), '') FROM copied;
                            DELETE FROM copied;
                        EXCEPTION WHEN OTHERS THEN
                            INSERT INTO outcome VALUES (number, 'refused: ' || sqlerrm);
                        END;
                    END LOOP;
                END $do$;
                COPY (SELECT result FROM outcome ORDER BY number) TO '\(files.path("outcome"))';
                """)
            let text = String(decoding: try files.read("outcome"), as: UTF8.self)
            lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
        }
        return lines
    }

    /// What the readers make of it, in the same form; nil where the version of the server is known to differ.
    private static func outcome(
        _ data: [UInt8], _ format: PostgresCopyFormat, isBefore18: Bool
    ) throws -> String? {
        let limits = CopyReaderLimits(columnCount: 2)
        let reading: CopyReading
        if case .csv(let options) = format.kind {
            reading = read(
                data,
                with: try CopyCSVReader(options, columns: ["a", "b"], endsAtMarker: isBefore18, limits: limits))
        } else if case .text(let options) = format.kind {
            reading = read(data, with: try CopyTextReader(options, limits: limits))
        } else {
            return nil
        }
        // Servers before 18 take the end of the data in the middle of a line.
        if isBefore18, reading.message?.contains("alone") == true { return nil }
        if let message = reading.message { return "refused: \(message)" }
        guard reading.isText else { return "refused: not text" }
        return reading.records.map { record in
            record.map { field in
                field.map { $0.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() } ?? "-"
            }.joined(separator: ",")
        }.joined(separator: ";")
    }
}
