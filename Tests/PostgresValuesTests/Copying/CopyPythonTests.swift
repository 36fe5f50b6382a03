import PostgresTestSupport
import PostgresValues
import PostgresWire
import Testing

/// CSV as Python's own module reads and writes it.
@Suite(.timeLimit(.minutes(5))) struct CopyPythonTests {
    private static let program = """
        from csv import QUOTE_ALL, QUOTE_MINIMAL, reader, writer
        from sys import argv
        folder = argv[1]
        with open(folder + "/in.csv", newline="", encoding="utf-8") as file:
            rows = list(reader(file, strict=True))
        for name, quoting, end in (("all", QUOTE_ALL, "\\n"), ("minimal", QUOTE_MINIMAL, "\\r\\n")):
            with open(folder + "/" + name, "w", newline="", encoding="utf-8") as file:
                writer(file, quoting=quoting, lineterminator=end).writerows(rows)
        print(len(rows))
        """

    @Test func `Python reads what is written here, and what it writes is read`() async throws {
        let seed = UInt64.random(in: .min ... .max)
        print("records for Python: seed \(seed)")
        var samples = CopySamples(seed: seed)
        let records = samples.records(100_000)
        try await TemporaryDirectory.with { folder in
            var data: [UInt8] = []
            let writer = try CopyCSVWriter()
            for record in records { try writer.append(record, to: &data) }
            try TemporaryDirectory.write(data, to: "\(folder)/in.csv")
            let lines = try await Python.lines(of: Self.program, [folder])
            #expect(lines == ["100000"])
            // Python knows no NULL.
            let texts = records.map { $0.map { $0 ?? "" } }
            for name in ["all", "minimal"] {
                let reading = CopyReading.of(try CopyCSVReader(), [try readFile("\(folder)/\(name)")])
                #expect(reading.message == nil)
                let isSame = reading.records.map { $0.map { $0 ?? "" } } == texts
                #expect(isSame, "seed \(seed), \(name)")
            }
        }
    }
}
