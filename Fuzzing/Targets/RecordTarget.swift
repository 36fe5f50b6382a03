import PostgresStreaming

/// Records, whose fields may be anything. The first byte of the input chooses the format.
enum RecordTarget {
    static func run(_ input: [UInt8]) {
        guard let choice = input.first else { return }
        let bytes = Array(input.dropFirst())
        let span = bytes.span
        let cell = PostgresCell(RawSpan(_elements: span), type: .record, format: choice & 1 == 0 ? .binary : .text)
        guard let record = try? PostgresRecord(cell: cell) else { return }
        let size = record.fields.reduce(0) { $0 + ($1?.bytes.count ?? 0) }
        precondition(size <= bytes.count, "the fields are no longer than the record")
        for case .some(let field) in record.fields {
            _ = try? field.decode(Int.self)
            _ = try? field.decode(String?.self)
            _ = try? field.decode([Int?].self)
            _ = try? field.decode(PostgresRecord.self)
        }
    }

    static var seeds: [[UInt8]] {
        [
            [0, 0, 0, 0, 2, 0, 0, 0, 20, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 25, 0xFF, 0xFF, 0xFF, 0xFF],
            [1] + Array("(1,,\"a\"\"b\",\"(2,{3})\")".utf8), [1] + Array("()".utf8),
        ]
    }
}
